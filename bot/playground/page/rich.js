// A text and its entities as DOM nodes, from a whitelist. Offsets are UTF-16 units, as JavaScript counts.

import { h, icon } from "./dom.js";
import { store } from "./store.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  custom_emoji: "span",
  mention: "span",
  blockquote: "blockquote",
};

/** The nodes of a message's text; `onCommand` is called with a command that was clicked. */
export function rich(text, entities = [], onCommand = null) {
  const spans = entities
    .map((entity) => ({ ...entity, start: entity.offset, end: entity.offset + entity.length }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  return stretch(text, spans, 0, text.length, onCommand);
}

function stretch(text, spans, from, to, onCommand) {
  const nodes = [];
  let at = from;
  let queue = spans;
  while (queue.length > 0) {
    const [first, ...later] = queue;
    const inside = [];
    const after = [];
    for (const span of later) {
      if (span.start >= first.end) after.push(span);
      else {
        inside.push({ ...span, end: Math.min(span.end, first.end) });
        // Marks that cross are cut in two, so that elements nest.
        if (span.end > first.end) after.push({ ...span, start: first.end });
      }
    }
    queue = after.sort((a, b) => a.start - b.start || b.end - a.end);
    if (at < first.start) nodes.push(text.slice(at, first.start));
    const children = stretch(text, inside, first.start, first.end, onCommand);
    nodes.push(mark(first, children, text.slice(first.start, first.end), onCommand));
    at = first.end;
    if (BLOCKS.has(first.type) && text[at] === "\n") at += 1; // a block ends its line already
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function mark(span, children, words, onCommand) {
  switch (span.type) {
    case "text_link":
    case "url":
      return deep(span.url ?? words, children, onCommand) ?? link(span.url ?? words, children);
    case "bot_command":
      if (!onCommand) return h("span", { class: "command" }, children);
      return h("button", { type: "button", class: "command", onclick: () => onCommand(words) }, children);
    case "spoiler":
      return spoiler(children);
    case "pre":
      return h("pre", { "data-language": span.language ?? null }, h("code", {}, children));
    case "expandable_blockquote":
      return expandable(children);
    default:
      return h(TAGS[span.type] ?? "span", { class: span.type }, children);
  }
}

/** A link that starts the bot says /start with its payload, as Telegram does; null for any other link. */
function deep(url, children, onCommand) {
  const [, name, payload] = /^https:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/.exec(url) ?? [];
  if (!onCommand || name !== store.bot.username) return null;
  const start = () => onCommand(`/start ${payload}`);
  return h("button", { type: "button", class: "command", title: url, onclick: start }, children);
}

export function link(url, children, props = {}) {
  // tg:// and the like lead out of the browser: shown, not followed.
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return h("span", { class: "mention", title: url, ...props }, children);
  return h("a", { href: url, title: url, target: "_blank", rel: "noopener noreferrer", ...props }, children);
}

function spoiler(children) {
  const inner = h("span", { class: "spoiler-words", "aria-hidden": "true" }, children);
  const reveal = () => {
    cover.classList.add("seen");
    cover.removeAttribute("role");
    cover.removeAttribute("tabindex");
    cover.removeAttribute("aria-label");
    inner.removeAttribute("aria-hidden");
  };
  const props = { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text: show it" };
  const cover = h("span", { ...props, onclick: reveal, onkeydown: (e) => e.key === "Enter" && reveal() }, inner);
  return cover;
}

function expandable(children) {
  const words = h("div", { class: "clamp" }, children);
  const toggle = h("button", {
    type: "button",
    class: "expand",
    "aria-expanded": "false",
    "aria-label": "Show the whole quote",
    onclick: () => {
      const open = quote.classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
    },
  });
  toggle.append(icon("down"));
  const quote = h("blockquote", { class: "expandable" }, words, toggle);
  // Whether three lines are enough is known only once it stands on the page.
  requestAnimationFrame(() => {
    quote.classList.toggle("short", words.scrollHeight <= words.clientHeight + 2);
  });
  return quote;
}
