// The foot of a conversation: the command menu, the words to try, the quote being answered, the input.

import { h, icon } from "./dom.js";
import { gist } from "./bubble.js";

const FEW_WORDS = 3; // suggestions stay until somebody has said so much

export class Composer {
  /** `column` gives: chat, speaker, send(text), block(blocked), startable(), and the store's suggestions. */
  constructor(column) {
    this.column = column;
    this.answering = null;
    this.element = h("footer", { class: "composer" });
    this.input = h("textarea", {
      rows: 1,
      placeholder: "Message",
      "aria-label": "Message",
      "data-testid": "input",
      maxlength: 4096,
      enterkeyhint: "send",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
    });
    const send = { type: "button", class: "round send", "aria-label": "Send", title: "Send" };
    this.sendButton = h("button", { ...send, "data-testid": "send", onclick: () => this.send() }, icon("send"));
  }

  /** Draws it anew; the words typed so far stay, since the input is the same element. */
  draw() {
    const focused = document.activeElement === this.input;
    const { chat } = this.column;
    this.element.replaceChildren();
    if (chat.blocked) this.element.append(this.big(chat.type === "private" ? "Unblock" : "Bring the bot back", "unblock"));
    else if (this.column.startable()) this.element.append(this.big("Start", "start-button"), this.chips());
    else this.element.append(...[this.chips(), this.answered(), this.line()].filter(Boolean));
    if (focused) this.input.focus();
    this.sendButton.disabled = !this.input.value.trim();
  }

  answer(message) {
    this.answering = message;
    this.draw();
    this.input.focus();
  }

  send() {
    const text = this.input.value.trim();
    if (!text) return;
    const replyTo = this.answering?.message_id ?? null;
    this.input.value = "";
    this.answering = null;
    this.grow();
    this.draw();
    this.column.send(text, replyTo, () => {
      this.input.value ||= text; // what could not be sent is not lost
      this.draw();
    });
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const first = this.list?.querySelector("[aria-selected=true]");
      if (first && this.input.value.trim() !== first.dataset.command) first.click();
      else this.send();
    } else if (event.key === "Escape") {
      if (this.list) this.hideCommands();
      else if (this.answering) this.answer(null);
    } else if (this.list && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.choose(event.key === "ArrowDown" ? 1 : -1);
    }
  }

  typed() {
    this.grow();
    this.sendButton.disabled = !this.input.value.trim();
    const { value } = this.input;
    if (/^\/\w*$/.test(value)) this.showCommands(value.slice(1));
    else this.hideCommands();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
  }

  // --- the command menu ---

  showCommands(prefix = "") {
    this.hideCommands();
    const found = this.column.chat.commands.filter(({ command }) => command.startsWith(prefix.toLowerCase()));
    if (found.length === 0) return;
    const option = ({ command, description }, index) =>
      h(
        "button",
        {
          type: "button",
          role: "option",
          "data-testid": "command-item",
          "data-command": `/${command}`,
          "aria-selected": String(index === 0),
          onclick: () => this.pick(`/${command}`),
        },
        h("b", {}, `/${command}`),
        h("span", {}, description),
      );
    this.list = h("div", { class: "commands", role: "listbox", "aria-label": "Commands" }, found.map(option));
    this.element.prepend(this.list);
    this.menuButton?.setAttribute("aria-expanded", "true");
  }

  hideCommands() {
    this.list?.remove();
    this.list = null;
    this.menuButton?.setAttribute("aria-expanded", "false");
  }

  choose(by) {
    const options = [...this.list.children];
    const here = options.findIndex((option) => option.ariaSelected === "true");
    const next = (here + by + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === next)));
    options[next].scrollIntoView({ block: "nearest" });
  }

  pick(command) {
    this.hideCommands();
    this.input.value = command;
    this.send();
    this.input.focus();
  }

  // --- the parts ---

  big(label, testid) {
    const act = () => (testid === "unblock" ? this.column.block(false) : this.column.send("/start"));
    return h("button", { type: "button", class: "big", "data-testid": testid, onclick: act }, label);
  }

  chips() {
    const said = [...this.column.chat.messages.values()].filter((message) => !message.from.is_bot).length;
    const words = this.column.suggestions;
    if (words.length === 0 || said >= FEW_WORDS || this.column.chat.type !== "private") return null;
    const chip = (text) => {
      const props = { type: "button", class: "chip", "data-testid": "suggestion" };
      return h("button", { ...props, onclick: () => this.column.send(text) }, text);
    };
    return h("div", { class: "chips", role: "group", "aria-label": "Things to try" }, words.map(chip));
  }

  answered() {
    if (!this.answering) return null;
    const props = { type: "button", class: "round small", "aria-label": "Do not reply" };
    return h(
      "div",
      { class: "answering", "data-testid": "answering" },
      icon("reply"),
      h("div", {}, h("b", {}, `Reply to ${this.answering.from.first_name}`), h("span", {}, gist(this.answering))),
      h("button", { ...props, onclick: () => this.answer(null) }, icon("close")),
    );
  }

  line() {
    const { chat } = this.column;
    const toggle = () => (this.list ? this.hideCommands() : this.showCommands());
    const props = { type: "button", class: "menu-button", "data-testid": "menu-button", "aria-label": "Commands" };
    this.menuButton = h(
      "button",
      { ...props, "aria-haspopup": "listbox", "aria-expanded": "false", onclick: toggle },
      icon("menu"),
      h("span", {}, "Menu"),
    );
    const speakers = chat.members.map((person) =>
      h("option", { value: person.id, selected: person.id === this.column.speaker.id }, person.first_name),
    );
    const speak = (event) => this.column.speakAs(Number(event.target.value));
    const who = { class: "speaker", "aria-label": "Write as", title: "Write as", "data-testid": "speaker" };
    return h(
      "div",
      { class: "line" },
      h(
        "div",
        { class: "field" },
        chat.commands.length > 0 && this.menuButton,
        chat.type !== "private" && h("select", { ...who, onchange: speak }, speakers),
        this.input,
      ),
      this.sendButton,
    );
  }
}
