// What the page knows: the server's state, kept fresh by its event stream; and how to ask for things.

const KEPT = 500; // messages of a chat that the page holds on to

export const store = {
  title: "",
  notices: [],
  suggestions: [],
  bot: { id: 0, first_name: "", username: "", description: "" },
  chats: new Map(),
  unread: new Map(),
};

/** Asks the server to do something; resolves to its answer, or throws with its sentence. */
export async function ask(path, body) {
  const response = await fetch(`/playground/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? answer.description ?? `Error ${response.status}`);
  return answer;
}

/** Takes the server's whole state in place of what was known. */
async function refresh() {
  const response = await fetch("/playground/state");
  if (!response.ok) throw new Error(`Error ${response.status}`);
  const { chats, people: _, ...rest } = await response.json();
  Object.assign(store, rest);
  store.chats = new Map(chats.map((chat) => [chat.id, withMessages(chat)]));
}

const withMessages = (chat) => ({
  ...chat,
  messages: new Map(chat.messages.map((message) => [message.message_id, message])),
});

/** Puts an event into the store; events repeat harmlessly, since messages are known by their id. */
function apply(event) {
  switch (event.kind) {
    case "message": {
      const { message } = event;
      const messages = store.chats.get(message.chat.id)?.messages;
      if (!messages) return;
      event.fresh = !messages.has(message.message_id);
      messages.set(message.message_id, message);
      if (messages.size > KEPT) messages.delete(messages.keys().next().value);
      return;
    }
    case "deleted":
      store.chats.get(event.chat_id)?.messages.delete(event.message_id);
      return;
    case "chat": {
      const messages = store.chats.get(event.chat.id)?.messages ?? new Map();
      store.chats.set(event.chat.id, { ...event.chat, messages });
      return;
    }
    case "bot":
      store.bot.description = event.description;
      return;
    default:
  }
}

/**
 * Follows the server: `onEvent` hears of each event after it is in the store, and of "hello" once the
 * whole state was fetched; `onConnection` of every change of the line.
 */
export function follow(onEvent, onConnection) {
  // Events may come while the state is on its way: they wait, and are applied on top of it.
  let waiting = [];
  let ready = false;
  const source = new EventSource("/playground/events");
  const hear = (event) => {
    apply(event);
    onEvent(event);
  };
  source.onmessage = async ({ data }) => {
    const event = JSON.parse(data);
    if (event.kind !== "hello") {
      if (ready) hear(event);
      else waiting.push(event);
      return;
    }
    ready = false;
    waiting = [];
    try {
      await refresh();
    } catch {
      source.close();
      setTimeout(() => follow(onEvent, onConnection), 2000);
      return;
    }
    ready = true;
    onConnection(true);
    onEvent(event);
    for (const late of waiting.splice(0)) hear(late);
  };
  source.onerror = () => {
    onConnection(false);
    // The browser tries again by itself, unless it was told off.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(onEvent, onConnection), 2000);
  };
}
