// What lies over the page: toasts, alerts, a question for a name, menus.

import { h } from "./dom.js";

const TOAST_MS = 4500;

/** A short notice at the foot of `where`; an older one there gives way. */
export function toast(text, where = document.body) {
  where.querySelector(":scope > .toast")?.remove();
  const note = h("div", { class: "toast", role: "status", "data-testid": "toast" }, text);
  where.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

/** A message that waits for OK. */
export function alertBox(title, text) {
  const ok = h("button", { type: "button", class: "flat", onclick: () => box.close() }, "OK");
  const box = h(
    "dialog",
    { class: "box", "data-testid": "alert", "aria-label": title, onclose: () => box.remove() },
    h("h2", {}, title),
    h("p", {}, text),
    h("div", { class: "box-buttons" }, ok),
  );
  document.body.append(box);
  box.showModal();
  ok.focus();
}

/** Asks for a line of text; null when the asker thought better of it. */
export function ask(title, label, action) {
  return new Promise((resolve) => {
    const field = h("input", { type: "text", maxlength: 64, placeholder: label, "aria-label": label });
    let answer = null;
    const done = (event) => {
      event.preventDefault();
      answer = field.value.trim() || null;
      box.close();
    };
    const close = () => {
      box.remove();
      resolve(answer);
    };
    const box = h(
      "dialog",
      { class: "box", "aria-label": title, onclose: close },
      h(
        "form",
        { onsubmit: done },
        h("h2", {}, title),
        field,
        h(
          "div",
          { class: "box-buttons" },
          h("button", { type: "button", class: "flat quiet", onclick: () => box.close() }, "Cancel"),
          h("button", { type: "submit", class: "flat" }, action),
        ),
      ),
    );
    document.body.append(box);
    box.showModal();
    field.focus();
  });
}

/** A menu under `anchor`; items are {label, act, grave?}, or null for a line between them. */
export function menu(anchor, items) {
  const close = (focus = true) => {
    list.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    if (focus) anchor.focus();
  };
  const outside = (event) => {
    if (!list.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const step = (by) => {
    const buttons = [...list.querySelectorAll("button")];
    const here = buttons.indexOf(document.activeElement);
    buttons[(here + by + buttons.length) % buttons.length].focus();
  };
  const keys = { Escape: () => close(), ArrowDown: () => step(1), ArrowUp: () => step(-1), Tab: () => close() };
  const onkeydown = (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  };
  if (anchor.getAttribute("aria-expanded") === "true") {
    anchor.parentElement.querySelector(":scope > .menu")?.remove();
    anchor.setAttribute("aria-expanded", "false");
    return;
  }
  const entry = (item) => {
    if (item === null) return h("hr");
    const act = () => {
      close();
      item.act();
    };
    const props = { type: "button", role: "menuitem", "data-testid": "chat-menu-item", onclick: act };
    return h("button", { ...props, class: item.grave ? "grave" : null }, item.label);
  };
  const list = h("div", { class: "menu", role: "menu", onkeydown }, items.map(entry));
  anchor.after(list);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  list.querySelector("button").focus();
}
