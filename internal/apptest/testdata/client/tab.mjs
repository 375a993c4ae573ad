// A browser tab on a dashboard: two sockets, and what the pages make of events: the chat merges messages by id, the board
// replaces a card when an event brings a conversation and fetches anew when it does not, the sidebar fetches its list at
// every event, and notices are shown for messages and escalations.

import axios from "axios";
import { io } from "socket.io-client";
import * as r from "./reads.mjs";

const listened = [
  "message:new", "message:status", "conversation:new", "conversation:created", "conversation:updated", "conversation:assign", "conversation:status",
  "escalation:new", "contact:created", "contact:updated", "contact:deleted", "conversation:typing", "user:typing", "tag:created", "tag:updated", "tag:deleted",
];

export class Tab {
  constructor(browser, { refetches = false } = {}) {
    this.browser = browser;
    this.refetches = refetches;
    this.sockets = [];
    this.events = [[], []]; // by socket
    this.cards = new Map();
    this.messages = new Map();
    this.mistakes = [];
    this.fetching = new Set();
    this.typing = [];
  }

  async open() {
    const list = await this.browser.get("/api/conversations", { limit: 100 });
    for (const c of list.data) this.cards.set(c.id, c);
    await this.#poll();
    for (const i of [0, 1]) this.sockets.push(await this.#connect(i)); // the page's, and that of the notices
  }

  // poll tries what the sockets fall back to where websockets are cut: a browser must be let read it.
  async #poll() {
    const { origin, url } = this.browser;
    const { headers } = await axios.get(`${url}/socket.io/`, { params: { EIO: 4, transport: "polling" }, headers: { Origin: origin } });
    if (headers["access-control-allow-origin"] !== origin || headers["access-control-allow-credentials"] !== "true") {
      this.mistakes.push(`a browser at ${origin} may not poll: ${JSON.stringify(headers)}`);
    }
  }

  #connect(i) {
    const token = this.browser.storage.get("accessToken");
    const tenantSlug = this.browser.slug;
    const socket = io(this.browser.url, {
      transports: ["websocket", "polling"], auth: { token, tenantSlug }, query: { token, tenantSlug }, forceNew: true,
      reconnection: true, reconnectionAttempts: 10, reconnectionDelay: 1000, reconnectionDelayMax: 10_000, timeout: 20_000,
      withCredentials: true, extraHeaders: { Origin: this.browser.origin },
    });
    for (const name of listened) socket.on(name, (data) => this.#hear(i, name, data));
    return new Promise((resolve, reject) => {
      socket.once("connect", () => {
        socket.emit("join-tenant", { tenantSlug }); // which no server ever knew
        resolve(socket);
      });
      socket.once("connect_error", reject);
      socket.on("error", (error) => this.mistakes.push(`socket: ${JSON.stringify(error)}`));
    });
  }

  #hear(i, name, data) {
    this.events[i].push({ name, data });
    r.read(data, shapes[name] ?? {}, name, (text) => { this.mistakes.push(text); });
    if (this.refetches && name !== "message:status") this.#fetch(() => this.browser.get("/api/conversations", { limit: 50 }));
    if (i === 1) return; // notices only
    this.#apply(name, data);
  }

  #apply(name, data) {
    if (data.conversation) this.cards.set(data.conversation.id, data.conversation); // the whole card
    else if (name === "conversation:updated") this.#fetch(() => this.browser.get("/api/conversations", { limit: 100 }));
    if (name === "message:new" && data.conversationId === this.watched) {
      if (!this.messages.has(data.message.id)) this.messages.set(data.message.id, { status: data.message.status, content: data.message.content });
    }
    if (name === "message:status" && this.messages.has(data.messageId)) this.messages.get(data.messageId).status = data.status;
    if (name.endsWith(":typing")) this.typing.push({ name, ...data });
  }

  #fetch(call) {
    const asked = call().catch(() => {}).finally(() => this.fetching.delete(asked));
    this.fetching.add(asked);
  }

  // look opens a chat.
  async look({ conversation }) {
    this.watched = conversation;
    for (const socket of this.sockets) {
      socket.emit("conversation:join", { conversationId: conversation });
      await new Promise((resolve) => { socket.once("conversation:joined", resolve); });
    }
    const said = await this.browser.get(`/api/conversations/${conversation}/messages`, { limit: 100 });
    for (const m of said.data) this.messages.set(m.id, { status: m.status, content: m.content });
  }

  types(conversationId) {
    this.sockets[0].emit("user:typing", { conversationId, isTyping: true });
    this.sockets[0].emit("conversation:typing", { conversationId, isTyping: false });
  }

  // settled waits until everything that was sent is heard and everything that was asked is answered.
  async settled() {
    for (const socket of this.sockets) {
      await new Promise((resolve) => {
        socket.once("pong", resolve);
        socket.emit("ping", {});
      });
    }
    while (this.fetching.size > 0) await Promise.all(this.fetching);
    return {
      events: this.events[0].length, typing: this.typing,
      notices: this.events[1].filter((e) => e.name === "message:new" || e.name === "escalation:new").map((e) => e.data.message?.content ?? e.data.escalation.reason),
    };
  }

  // compare: what the tab shows is what a fresh fetch shows, each socket heard each message once, and all was well-formed.
  async compare(say) {
    await this.settled();
    this.mistakes.forEach(say);
    this.events.forEach((events, i) => {
      const ids = events.filter((e) => e.name === "message:new").map((e) => e.data.message.id);
      if (new Set(ids).size !== ids.length) say(`socket ${i} heard a message twice`);
    });
    const fresh = await this.browser.get("/api/conversations", { limit: 100 });
    for (const c of fresh.data) {
      const shown = this.cards.get(c.id);
      if (!shown) { say(`the board lacks ${c.contact.name}`); continue; }
      for (const key of Object.keys(c)) {
        if (JSON.stringify(shown[key]) !== JSON.stringify(c[key])) say(`${c.contact.name}: ${key} is ${JSON.stringify(shown[key])}, fresh ${JSON.stringify(c[key])}`);
      }
    }
    if (!this.watched) return;
    const said = await this.browser.get(`/api/conversations/${this.watched}/messages`, { limit: 100 });
    for (const m of said.data) {
      const shown = this.messages.get(m.id);
      const ticks = m.direction === "OUTBOUND"; // nobody is shown whether a guest's message was read
      if (!shown || shown.content !== m.content || ticks && shown.status !== m.status) say(`the chat shows ${JSON.stringify(shown)} for ${m.content}, which is ${m.status}`);
    }
    if (said.data.length !== this.messages.size) say(`the chat shows ${this.messages.size} messages of ${said.data.length}`);
  }

  close() {
    for (const socket of this.sockets) socket.disconnect();
  }
}

const shapes = {
  "message:new": { message: r.message, conversation: r.laterCard, conversationId: r.filled },
  "message:status": { conversationId: r.filled, messageId: r.filled, status: r.filled },
  "conversation:new": { conversation: r.laterCard },
  "conversation:updated": { conversationId: r.filled, conversation: r.laterCard, lastMessage: r.orNull(r.preview), lastMessageAt: r.date },
  "escalation:new": {
    escalation: { id: r.filled, reason: r.filled, reasonDetail: r.orNull(r.text), hotelUnit: r.orNull(r.filled), status: r.filled, conversationId: r.filled, contact: r.guest },
    conversation: r.laterCard,
  },
  "contact:created": { contact: r.contact },
  "contact:updated": { contact: r.contact },
  "contact:deleted": { contactId: r.filled },
  "conversation:typing": { conversationId: r.filled, userId: r.filled, userName: r.filled, isTyping: r.flag },
  "user:typing": { conversationId: r.filled, userId: r.filled, isTyping: r.flag },
};
