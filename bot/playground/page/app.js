// The page: the list of chats, the open columns, and what the server's events do to them.

import { Column } from "./column.js";
import { gist } from "./bubble.js";
import { ask as askFor, toast } from "./dialogs.js";
import { avatar, h, icon, time } from "./dom.js";
import { ask, follow, store } from "./store.js";

const NARROW = matchMedia("(max-width: 719px)");
const COLUMN_WIDTH = 360; // pixels a column needs at least
const SIDEBAR_WIDTH = 320;

/** Answers to presses of buttons; an answer may overtake the number it answers. */
class Pending {
  waiting = new Map();
  early = new Map();

  wait(id, patience, settle) {
    if (this.early.has(id)) {
      settle(this.early.get(id));
      this.early.delete(id);
      return;
    }
    const finish = (answer) => {
      clearTimeout(timer);
      this.waiting.delete(id);
      settle(answer);
    };
    const timer = setTimeout(() => finish(null), patience);
    this.waiting.set(id, finish);
  }

  answered(answer) {
    const finish = this.waiting.get(answer.query_id);
    if (finish) return finish(answer);
    this.early.set(answer.query_id, answer);
    if (this.early.size > 50) this.early.delete(this.early.keys().next().value);
    return undefined;
  }
}

class Page {
  columns = [];
  pending = new Pending();
  place = document.getElementById("columns");
  chats = document.getElementById("chats");

  start() {
    const add = document.getElementById("add-person");
    add.append(icon("person"));
    add.title = "Add a person";
    add.setAttribute("aria-label", "Add a person");
    add.addEventListener("click", () => this.addPerson());
    addEventListener("resize", () => this.arrange());
    document.addEventListener("visibilitychange", () => this.look());
    follow(
      (event) => this.hear(event),
      (fine) => this.connection(fine),
    );
  }

  // --- events ---

  hear(event) {
    const chatId = event.message?.chat.id ?? event.chat?.id ?? event.chat_id;
    const column = this.columns.find((one) => one.chatId === chatId);
    switch (event.kind) {
      case "hello":
        return this.welcome();
      case "message":
        if (event.fresh) this.count(event.message, column);
        column?.update(event.message.message_id, event.fresh);
        return this.list();
      case "deleted":
        column?.update(event.message_id, false);
        return this.list();
      case "action":
        return column?.type();
      case "answer":
        return this.pending.answered(event);
      case "chat":
        return this.changed(event.chat, column);
      default:
        for (const one of this.columns) one.draw();
        return undefined;
    }
  }

  /** The whole state is new: after loading, or after the line was cut. */
  welcome() {
    document.getElementById("title").textContent = store.title;
    document.getElementById("notices").replaceChildren(...store.notices.map((line) => h("p", {}, line)));
    const known = this.columns.filter((column) => store.chats.has(column.chatId));
    const first = this.columns.length === 0;
    this.columns = known;
    for (const column of known) column.draw();
    if (first && !NARROW.matches) {
      const own = [...store.chats.values()].filter((chat) => chat.type === "private");
      for (const chat of own.slice(0, Math.min(2, this.room()))) this.columns.push(new Column(chat.id, this));
    }
    this.arrange();
  }

  changed(chat, column) {
    if (chat.moved_to && column && store.chats.has(chat.moved_to)) {
      this.columns[this.columns.indexOf(column)] = new Column(chat.moved_to, this);
      this.arrange();
      return;
    }
    if (column) {
      column.drawHead();
      column.composer.draw();
    }
    this.list();
  }

  count(message, column) {
    const seen = column && column.stuck && !document.hidden && this.visible(column);
    if (seen || !message.from.is_bot) return;
    store.unread.set(message.chat.id, (store.unread.get(message.chat.id) ?? 0) + 1);
  }

  visible = (column) => !NARROW.matches || (document.body.dataset.view === "chat" && column === this.columns[0]);

  seen(chatId) {
    if (!document.hidden && store.unread.delete(chatId)) this.list();
  }

  look() {
    for (const column of this.columns) if (column.stuck && this.visible(column)) this.seen(column.chatId);
  }

  // --- columns ---

  room = () => (NARROW.matches ? 1 : Math.max(1, Math.floor((innerWidth - SIDEBAR_WIDTH) / COLUMN_WIDTH)));

  /** Shows a chat: in place of the last column, or beside those that are open. */
  open(chatId, beside = false) {
    const there = this.columns.find((column) => column.chatId === chatId);
    if (!there) {
      const column = new Column(chatId, this);
      if (beside && !NARROW.matches) this.columns.push(column);
      else this.columns.splice(NARROW.matches ? 0 : Math.max(this.columns.length - 1, 0), NARROW.matches ? 9 : 1, column);
    } else if (NARROW.matches) this.columns = [there];
    document.body.dataset.view = "chat";
    this.arrange();
    const column = this.columns.find((one) => one.chatId === chatId);
    column.stuck = true;
    column.toBottom();
    this.seen(chatId);
    if (matchMedia("(pointer: fine)").matches) column.composer.input.focus();
  }

  close(column) {
    const opener = this.chats.querySelector(`[data-chat-id="${column.chatId}"] .chat-open`);
    this.columns = this.columns.filter((one) => one !== column);
    document.body.dataset.view = "list";
    this.arrange();
    (opener ?? document.body).focus();
  }

  arrange() {
    while (this.columns.length > this.room()) this.columns.shift();
    this.place.dataset.count = this.columns.length;
    const shown = this.columns.map((column) => column.element);
    // Only what changed is moved: an element that is taken out and put back forgets where it was scrolled.
    for (const child of [...this.place.children]) if (!shown.includes(child)) child.remove();
    shown.forEach((element, index) => {
      if (this.place.children[index] !== element) this.place.insertBefore(element, this.place.children[index] ?? null);
    });
    if (shown.length === 0) this.place.append(h("p", { class: "nothing" }, "Choose a chat"));
    for (const column of this.columns) if (column.stuck) column.toBottom();
    this.list();
  }

  // --- the list ---

  list() {
    const focused = document.activeElement?.closest?.("[data-testid=chat-item]")?.dataset.chatId;
    const part = document.activeElement?.className;
    const newest = (chat) => [...chat.messages.values()].at(-1);
    const shown = [...store.chats.values()].filter((chat) => !chat.moved_to);
    const order = (chat) => newest(chat)?.date ?? 0;
    // The sort is stable: chats without a word keep the server's order, people before groups.
    shown.sort((a, b) => order(b) - order(a) || (a.type === "private" ? 0 : 1) - (b.type === "private" ? 0 : 1));
    this.chats.replaceChildren(...shown.map((chat) => this.item(chat, newest(chat))));
    if (focused) this.chats.querySelector(`[data-chat-id="${focused}"] .${part.split(" ")[0]}`)?.focus();
    const total = [...store.unread.values()].reduce((sum, count) => sum + count, 0);
    document.title = total > 0 ? `(${total}) ${store.title}` : store.title;
  }

  item(chat, message) {
    const name = chat.title ?? chat.first_name;
    const unread = store.unread.get(chat.id) ?? 0;
    const open = this.columns.some((column) => column.chatId === chat.id);
    const speaker = message?.from.id === chat.id ? "You" : message?.from.first_name;
    const who = message?.text && !message.from.is_bot ? `${speaker}: ` : "";
    const click = (event) => this.open(chat.id, event.ctrlKey || event.metaKey);
    const blank = chat.type === "private" ? "No messages yet" : `${chat.members.length} people and the bot`;
    const besideProps = { type: "button", class: "beside round small", "data-testid": "open-beside" };
    return h(
      "li",
      { class: `chat ${open ? "open" : ""}`, "data-testid": "chat-item", "data-chat-id": chat.id },
      h(
        "button",
        { type: "button", class: "chat-open", "aria-current": open ? "true" : null, onclick: click },
        avatar(name, chat.id),
        h(
          "span",
          { class: "chat-words" },
          h("span", { class: "chat-top" }, h("b", {}, name), message && h("time", {}, time(message.date))),
          h(
            "span",
            { class: "chat-bottom" },
            h("span", { class: "gist" }, message ? `${who}${gist(message)}` : blank),
            unread > 0 &&
              h("span", { class: "unread", "data-testid": "unread", "aria-label": `${unread} unread` }, String(unread)),
          ),
        ),
      ),
      !open &&
        this.room() > 1 &&
        h(
          "button",
          { ...besideProps, title: "Open beside", "aria-label": `Open ${name} beside`, onclick: () => this.open(chat.id, true) },
          icon("beside"),
        ),
    );
  }

  async addPerson() {
    const name = await askFor("Add a person", "Name", "Add");
    if (!name) return;
    try {
      const { person } = await ask("people", { name });
      // The event with the new chat may still be on its way.
      for (let tries = 0; tries < 40 && !store.chats.has(person.id); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      if (store.chats.has(person.id)) this.open(person.id, this.room() > this.columns.length);
    } catch (error) {
      toast(error.message);
    }
  }

  connection(fine) {
    const line = document.getElementById("connection");
    line.textContent = fine ? `@${store.bot.username}` : "Connecting…";
    line.classList.toggle("waiting", !fine);
  }
}

new Page().start();
