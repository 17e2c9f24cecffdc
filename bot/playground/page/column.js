// One conversation: its head, its messages, its foot.

import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { alertBox, menu, toast } from "./dialogs.js";
import { avatar, day, h, icon } from "./dom.js";
import { ask, store } from "./store.js";

const AT_BOTTOM = 60; // pixels that still count as the bottom
const TYPING_MS = 5000;
const PRESS_MS = 15_000;
const TOGETHER_S = 300; // messages of one sender within so many seconds stand together

export class Column {
  /** `page` gives: close(column), seen(chatId), list() to draw the list of chats, pending (presses). */
  constructor(chatId, page) {
    this.chatId = chatId;
    this.page = page;
    this.pressing = new Set();
    this.speakerId = this.chat.members[0].id;
    this.list = h("ol", { class: "messages", role: "log", "aria-label": "Messages" });
    this.scroller = h("div", { class: "scroller", tabindex: "0", "aria-label": "Messages" }, this.list);
    this.scroller.addEventListener("scroll", () => this.scrolled());
    const down = { type: "button", class: "round to-bottom", "aria-label": "To the newest message", hidden: true };
    this.down = h("button", { ...down, onclick: () => this.toBottom("smooth") }, icon("down"));
    this.head = h("header", { class: "head" });
    this.composer = new Composer(this);
    this.stage = h("div", { class: "stage" }, this.scroller, this.down);
    const props = { class: "column", "data-testid": "column", "data-chat-id": chatId, "aria-label": this.name };
    this.element = h("section", props, this.head, this.stage, this.composer.element);
    // Growing heads and feet must not push the newest message out of sight.
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.scroller);
    this.stuck = true;
    this.draw();
  }

  get chat() {
    return store.chats.get(this.chatId);
  }

  get name() {
    return this.chat.title ?? this.chat.first_name;
  }

  get speaker() {
    return this.chat.members.find((person) => person.id === this.speakerId) ?? this.chat.members[0];
  }

  get suggestions() {
    return store.suggestions;
  }

  // --- what a bubble asks ---

  mine = (message) => message.from.id === this.speaker.id;
  named = (message) => this.chat.type !== "private" && !this.mine(message) && !this.joined(message);
  command = (text) => this.send(text);
  reply = (message) => this.composer.answer(message);

  jump = (messageId) => {
    const target = this.list.querySelector(`[data-message-id="${messageId}"]`);
    if (!target) {
      toast("That message is too far back.", this.stage);
      return;
    }
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.classList.remove("flash");
    void target.offsetWidth; // starts the animation over
    target.classList.add("flash");
  };

  press = async (message, data) => {
    const key = `${message.message_id}:${data}`;
    if (this.pressing.has(key)) return;
    this.pressing.add(key);
    this.redraw(message.message_id);
    const done = () => {
      this.pressing.delete(key);
      this.redraw(message.message_id);
    };
    try {
      const asked = { person: this.speaker.id, chat_id: this.chatId, message_id: message.message_id, data };
      const { query_id: id } = await ask("press", asked);
      this.page.pending.wait(id, PRESS_MS, (answer) => {
        done();
        if (answer?.text) this.show(answer);
      });
    } catch (error) {
      done();
      toast(error.message, this.stage);
    }
  };

  show({ text, alert }) {
    if (alert) alertBox(store.bot.first_name, text);
    else toast(text, this.stage);
  }

  // --- what the composer asks ---

  startable = () => this.chat.type === "private" && this.chat.messages.size === 0;

  async send(text, replyTo = null, onFailure = () => {}) {
    this.stuck = true; // whoever speaks wants to see it
    try {
      await ask("messages", { person: this.speaker.id, chat_id: this.chatId, text, reply_to: replyTo });
    } catch (error) {
      toast(error.message, this.stage);
      onFailure();
    }
  }

  speakAs(personId) {
    this.speakerId = personId;
    this.draw();
    this.composer.input.focus();
  }

  async act(path, body, done = "") {
    try {
      await ask(path, { chat_id: this.chatId, ...body });
      if (done) toast(done, this.stage);
    } catch (error) {
      toast(error.message, this.stage);
    }
  }

  block = (blocked) => this.act("block", { person: this.speaker.id, blocked });

  // --- drawing ---

  draw() {
    this.drawHead();
    this.composer.draw();
    const items = [];
    let lastDay = "";
    for (const message of this.chat.messages.values()) {
      const today = day(message.date);
      if (today !== lastDay) items.push(h("li", { class: "day" }, h("span", {}, today)));
      lastDay = today;
      items.push(this.dressed(message));
    }
    if (items.length === 0) items.push(this.welcome());
    this.list.replaceChildren(...items);
    if (this.stuck) this.toBottom();
  }

  /** A message that is new, changed or gone. */
  update(messageId, fresh) {
    const message = this.chat.messages.get(messageId);
    const size = this.chat.messages.size;
    const before = [...this.chat.messages.values()].at(-2);
    const typical = message && fresh && size > 1 && day(before.date) === day(message.date);
    if (typical) {
      this.list.append(this.dressed(message));
      this.redraw(before.message_id); // it may no longer be the last of its kind
    } else if (message && !fresh) this.redraw(messageId);
    else this.draw();
    if (fresh) this.composer.draw();
    if (this.stuck) this.toBottom();
    else if (fresh) this.down.classList.add("news");
    if (fresh && message.from.is_bot) this.hush();
  }

  redraw(messageId) {
    const message = this.chat.messages.get(messageId);
    const old = this.list.querySelector(`[data-message-id="${messageId}"]`);
    if (!message || !old) return;
    const place = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    const renewed = this.dressed(message);
    old.replaceWith(renewed);
    if (place >= 0) renewed.querySelectorAll("button, a")[place]?.focus();
    if (this.stuck) this.toBottom();
  }

  dressed(message) {
    const element = bubble(message, this);
    element.classList.toggle("joined", this.joined(message));
    element.classList.toggle("last", !this.joined(this.neighbour(message, 1), message));
    return element;
  }

  /** Whether a message follows one of the same sender so closely that they stand together. */
  joined(message, before = this.neighbour(message, -1)) {
    if (!message || !before || day(before.date) !== day(message.date)) return false;
    return Boolean(
      before.from.id === message.from.id && before.text && message.text && message.date - before.date < TOGETHER_S,
    );
  }

  neighbour(message, by) {
    // Ids count up by one, save where a message was deleted.
    const { messages } = this.chat;
    for (let id = message.message_id + by, steps = 0; steps < 20 && id > 0; id += by, steps += 1) {
      if (messages.has(id)) return messages.get(id);
    }
    return undefined;
  }

  drawHead() {
    const { chat } = this;
    const status = this.typing ? `${store.bot.first_name} is typing` : this.status();
    this.head.replaceChildren(
      this.button("back", "back", "Back to the chats", () => this.page.close(this), "only-narrow"),
      avatar(this.name, chat.id),
      h(
        "div",
        { class: "head-words" },
        h("h2", {}, this.name),
        h(
          "p",
          { class: this.typing ? "typing" : null, "data-testid": this.typing ? "typing" : "status", role: "status" },
          status,
          this.typing && h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
        ),
      ),
      h("div", { class: "menu-place" }, this.menuButton()),
      this.button("close", "close-column", "Close this conversation", () => this.page.close(this), "only-many"),
    );
  }

  status() {
    const { chat } = this;
    if (chat.type === "private") return chat.blocked ? "has blocked the bot" : `with ${store.bot.first_name} · bot`;
    const kind = chat.type === "supergroup" ? "supergroup · " : "";
    return `${kind}${chat.members.length} people${chat.blocked ? ", no bot" : " and the bot"}`;
  }

  button(name, testid, label, act, extra = "") {
    const props = { type: "button", class: `round ${extra}`, "aria-label": label, title: label };
    return h("button", { ...props, "data-testid": testid, onclick: act }, icon(name));
  }

  menuButton() {
    const open = () => menu(more, this.menuItems());
    const more = this.button("more", "chat-menu", "More", open);
    more.setAttribute("aria-haspopup", "menu");
    more.setAttribute("aria-expanded", "false");
    return more;
  }

  menuItems() {
    const { chat } = this;
    const fault = (label, body, done) => ({ label, act: () => this.act("faults", { times: 1, ...body }, done) });
    const away = chat.type === "private" ? "Block the bot" : "Remove the bot";
    const back = chat.type === "private" ? "Unblock the bot" : "Bring the bot back";
    return [
      fault("Next send: too many requests", { kind: "retry_after", retry_after: 3 }, "The next send must wait 3 seconds."),
      fault("Next send: server error", { kind: "error500" }, "The next send will meet a server error."),
      fault("Next send: answer gets lost", { kind: "drop" }, "The next message arrives, but its receipt is lost."),
      chat.type === "group" && fault("Turn into a supergroup", { kind: "migrate", announce: true }, ""),
      null,
      { label: chat.blocked ? back : away, grave: !chat.blocked, act: () => this.block(!chat.blocked) },
    ].filter((item) => item !== false);
  }

  welcome() {
    const { bot } = store;
    const ours = this.chat.type === "private";
    const text = ours ? bot.description : `Commands start with "/". The bot hears them, its name, and answers to it.`;
    return h(
      "li",
      { class: "welcome" },
      h("img", { src: "/playground/static/icon.svg", alt: "", width: 72, height: 72 }),
      h("h3", {}, ours ? bot.first_name : this.name),
      text && h("p", {}, text),
    );
  }

  // --- typing, and where the reader is ---

  type() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.hush(), TYPING_MS);
    this.drawHead();
  }

  hush() {
    if (!this.typing) return;
    clearTimeout(this.typing);
    this.typing = null;
    this.drawHead();
  }

  toBottom(behavior = "instant") {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < AT_BOTTOM;
    this.down.hidden = this.stuck;
    if (!this.stuck) return;
    this.down.classList.remove("news");
    this.page.seen(this.chatId);
  }
}
