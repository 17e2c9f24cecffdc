// One message as it looks: bubble, quote, buttons, or a line in the middle for what happened to the chat.

import { h, hue, icon, time } from "./dom.js";
import { link, rich } from "./rich.js";

const STYLES = new Set(["danger", "success", "primary"]);

/**
 * A message's element. `column` gives: mine(message), named(message), pressing (a Set of keys), and the
 * acts reply(message), jump(id), press(message, data), command(text).
 */
export function bubble(message, column) {
  const service = happened(message);
  const common = { "data-message-id": message.message_id, "data-testid": "message" };
  if (service) return h("li", { ...common, class: "service" }, h("span", {}, service));
  const mine = column.mine(message);
  const sender = message.from;
  const words = rich(message.text ?? "", message.entities, column.command);
  const body = h(
    "div",
    { class: "bubble" },
    column.named(message) && h("span", { class: `sender ${hue(sender.id)}` }, sender.first_name),
    message.reply_to_message && quoted(message.reply_to_message, column),
    h("div", { class: "words", dir: "auto" }, h("span", { "data-testid": "text" }, words), meta(message)),
  );
  return h(
    "li",
    { ...common, class: `message ${mine ? "mine" : "theirs"} ${message.reply_markup ? "keyed" : ""}`, "data-mine": String(mine) },
    h("div", { class: "row" }, body, replyButton(message, column)),
    message.reply_markup && keyboard(message, column),
  );
}

/** One line about a message, for the list of chats and for quotes. */
export const gist = (message) => happened(message) ?? (message.text ?? "").replace(/\s+/g, " ");

function happened(message) {
  const who = message.from.first_name;
  if (message.new_chat_members) return `${who} added ${message.new_chat_members[0].first_name}`;
  if (message.left_chat_member) {
    const gone = message.left_chat_member;
    return gone.id === message.from.id ? `${who} left` : `${who} removed ${gone.first_name}`;
  }
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "The group became a supergroup";
  return null;
}

function meta(message) {
  const at = new Date(message.date * 1000);
  return h(
    "span",
    { class: "meta" },
    message.edit_date && h("span", { "data-testid": "edited" }, "edited "),
    h("time", { datetime: at.toISOString(), title: at.toLocaleString() }, time(message.date)),
  );
}

function quoted(message, column) {
  const props = { type: "button", class: `quoted ${hue(message.from.id)}`, "data-testid": "quote" };
  return h(
    "button",
    { ...props, "aria-label": "Go to the quoted message", onclick: () => column.jump(message.message_id) },
    h("b", {}, message.from.first_name),
    h("span", {}, gist(message)),
  );
}

function replyButton(message, column) {
  const props = { type: "button", class: "reply-button", "data-testid": "reply-button", title: "Reply" };
  return h("button", { ...props, "aria-label": "Reply", onclick: () => column.reply(message) }, icon("reply"));
}

function keyboard(message, column) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    h(
      "div",
      { class: "keys" },
      row.map((button) => key(button, message, column)),
    ),
  );
  return h("div", { class: "keyboard", role: "group", "aria-label": "Buttons" }, rows);
}

function key(button, message, column) {
  const style = STYLES.has(button.style) ? button.style : "";
  const props = { class: `key ${style}`, "data-testid": "inline-button" };
  if (button.url) return link(button.url, [button.text, icon("link")], props);
  const data = button.callback_data;
  const busy = column.pressing.has(`${message.message_id}:${data}`);
  const press = () => column.press(message, data);
  return h(
    "button",
    { ...props, type: "button", "data-callback": data, "aria-busy": busy ? "true" : null, onclick: press },
    button.text,
  );
}
