// One guest's phone: transcript, composer, read receipts.
import * as api from "./api.mjs";
import { attachMenu } from "./attach.mjs";
import { bubble, readable } from "./bubble.mjs";
import { clock, dayName, el, initials, prettyPhone } from "./dom.mjs";
import { openList } from "./list.mjs";

export class Phone {
  constructor(guest, hotel, onClose) {
    this.guest = guest; // {account, phone}
    this.hotel = hotel;
    this.messages = new Map(); // by id, in order of arrival
    this.rev = 0;
    this.view = undefined;
    this.replyTo = undefined;
    this.build(onClose);
  }

  build(onClose) {
    this.node = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    const find = (selector) => this.node.querySelector(selector);
    this.chat = find(".chat");
    this.presence = find(".presence");
    this.input = find("textarea");
    this.quote = find(".quote");
    this.trouble = find(".trouble");
    find(".hotel-name").textContent = this.hotel.name;
    find(".bar .avatar").textContent = initials(this.hotel.name);
    find(".back").addEventListener("click", onClose);
    this.quote.querySelector("button").addEventListener("click", () => this.setReply(undefined));
    this.composer = find("form");
    this.composer.addEventListener("submit", (event) => { event.preventDefault(); this.sendText(); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.sendText(); }
    });
    this.atEnd = true;
    this.chat.addEventListener("scroll", () => {
      this.atEnd = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 60;
    });
    this.chat.addEventListener("load", () => this.keepEnd(), true); // pictures grow when they arrive
    attachMenu(this.composer, (message) => this.send(message), (file) => this.sendFile(file),
      (what, body) => this.attempt(() => api.act(this.guest, what, body)));
    this.showOwner();
  }

  showOwner() {
    const name = this.view?.settings.name;
    this.node.querySelector(".owner b").textContent = name || "Hóspede";
    this.node.querySelector(".owner span").textContent = prettyPhone(this.guest.phone);
    this.node.setAttribute("aria-label", `Celular de ${name || prettyPhone(this.guest.phone)}, conversa com ${this.hotel.name}`);
  }

  // refresh fetches what changed. Calls that come while one runs are joined into one more.
  async refresh() {
    if (this.running) { this.again = true; return; }
    this.running = true;
    clearTimeout(this.retryTimer);
    try {
      do {
        this.again = false;
        this.take(await api.transcript(this.guest, this.rev));
        if (this.lost) this.trouble.hidden = true;
        this.lost = false;
      } while (this.again);
    } catch (error) {
      this.lost = true;
      this.complain(error);
      this.retryTimer = setTimeout(() => this.refresh(), 1000); // the change that was missed is not announced twice
    } finally {
      this.running = false;
    }
  }

  take({ rev, messages, guest }) {
    if (rev < this.rev) this.messages.clear(); // the simulator forgot this chat
    this.rev = rev;
    for (const m of messages) this.messages.set(m.id, m);
    if (guest) this.view = guest;
    this.showOwner();
    this.draw();
    this.read();
  }

  // shown says whether a message has reached the phone's screen: the hotel's do when they are delivered.
  shown(m) {
    return !["reaction", "edit", "revoke", "request_welcome"].includes(m.type) && (m.from === "guest" || ["delivered", "read", "played", "failed"].includes(m.status));
  }

  draw() {
    const rows = [];
    let previous, day;
    for (const m of this.messages.values()) {
      if (!this.shown(m)) continue;
      const name = dayName(new Date(m.at));
      if (name !== day) { rows.push(el("div", { class: "day" }, name)); previous = undefined; }
      day = name;
      rows.push(m.status === "failed" ? this.failed(m) : m.type === "system" ? this.note(m) : this.bubble(m, previous));
      previous = m.status === "failed" ? undefined : m;
    }
    if (rows.length === 0) rows.push(el("p", { class: "hello" }, `Escreva a ${this.hotel.name} para começar.`));
    if (this.isTyping()) rows.push(this.typing());
    this.replaceRows(rows);
    this.presence.textContent = this.isTyping() ? "digitando…" : this.presenceText();
    this.keepEnd();
  }

  keepEnd() {
    if (this.atEnd) this.chat.scrollTop = this.chat.scrollHeight;
  }

  // replaceRows leaves rows alone that did not change, so that focus, playing sound and open menus stay.
  replaceRows(rows) {
    const old = new Map([...this.chat.children].map((row) => [row.dataset.key, row]));
    const kept = rows.map((row, i) => {
      row.dataset.key ||= row.className + row.textContent + i;
      return old.get(row.dataset.key) || row;
    });
    for (const row of [...this.chat.children]) if (!kept.includes(row)) row.remove();
    kept.forEach((row, i) => { if (this.chat.children[i] !== row) this.chat.insertBefore(row, this.chat.children[i] || null); });
  }

  presenceText() {
    const until = this.view?.windowUntil && new Date(this.view.windowUntil);
    if (!until) return "conta comercial";
    if (until <= new Date()) return "janela de 24 h fechada";
    return `janela aberta até ${dayName(until) === "Hoje" ? "" : "amanhã, "}${clock(until)}`;
  }

  isTyping() {
    clearTimeout(this.typingTimer);
    const left = new Date(this.view?.typingUntil || 0) - Date.now();
    if (left > 0) this.typingTimer = setTimeout(() => this.draw(), left + 50);
    return left > 0;
  }

  typing() {
    return el("div", { class: "typing", role: "img", "aria-label": "O hotel está digitando" }, el("i"), el("i"), el("i"));
  }

  failed(m) {
    const row = el("div", { class: "note" }, `Mensagem do hotel não entregue (erro ${m.error?.code}: ${m.error?.title}): “${readable(m)}”`);
    row.dataset.key = m.id + m.rev;
    return row;
  }

  // note is a system message: something happened that nobody wrote.
  note(m) {
    const row = el("div", { class: "day" }, m.content?.type === "user_changed_number" ? "O número deste celular mudou" : "Mensagem do sistema");
    row.dataset.key = m.id + m.rev;
    return row;
  }

  bubble(m, previous) {
    const quoted = m.replyTo && this.messages.get(m.replyTo);
    const first = !previous || previous.from !== m.from;
    const row = bubble(m, { first, quoted, hotel: this.hotel.name, actions: this.actions() });
    row.dataset.key = `${m.id} ${m.rev} ${first}`;
    return row;
  }

  actions() {
    return {
      tap: (m, choice) => this.attempt(() => api.tap(this.guest, m.id, choice.id)),
      openList: (m) => openList(m, (choice) => this.attempt(() => api.tap(this.guest, m.id, choice.id))),
      react: (m, emoji) => this.attempt(() => api.send(this.guest, { type: "reaction", messageId: m.id, emoji })),
      reply: (m) => this.setReply(m),
      edit: (m) => this.setEdit(m),
      revoke: (m) => this.attempt(() => api.act(this.guest, "revoke", { messageId: m.id })),
      play: (m) => api.act(this.guest, "play", { messageId: m.id }).catch(() => {}), // told once; the second time is none

      sendLocation: (m) => this.send({ type: "location", latitude: -23.7785, longitude: -45.3581, name: "Balsa de Ilhabela", replyTo: m.id }),
      show: (id) => this.chat.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center" }),
    };
  }

  setReply(m) {
    this.replyTo = m?.id;
    this.editing = undefined;
    this.quote.hidden = !m;
    if (m) { this.quote.firstElementChild.textContent = readable(m); this.input.focus(); }
  }

  // setEdit puts a message back into the composer; sending it then edits.
  setEdit(m) {
    this.setReply(m);
    this.replyTo = undefined;
    this.editing = m.id;
    this.input.value = m.text;
  }

  sendText() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    const messageId = this.editing;
    if (messageId) {
      this.setReply(undefined);
      this.attempt(() => api.act(this.guest, "edit", { messageId, text }), () => { this.input.value ||= text; });
      return;
    }
    this.send({ type: "text", text }, () => { this.input.value ||= text; });
  }

  async send(message, failed) {
    const replyTo = message.replyTo || this.replyTo;
    this.setReply(undefined);
    this.atEnd = true;
    await this.attempt(() => api.send(this.guest, { ...message, replyTo }), failed);
  }

  sendFile(file) {
    const type = ["image", "video", "audio"].find((t) => file.type.startsWith(t + "/")) || "document";
    return this.attempt(async () => {
      const { id } = await api.upload(this.guest.account, file);
      await api.send(this.guest, { type, mediaId: id, filename: type === "document" ? file.name : undefined });
    });
  }

  async attempt(action, failed) {
    try {
      await action();
      this.trouble.hidden = true;
      await this.refresh();
    } catch (error) {
      this.complain(error);
      failed?.();
    }
  }

  complain(error) {
    this.trouble.textContent = error.message;
    this.trouble.hidden = false;
  }

  // read sends read receipts for what is on the screen of a page somebody looks at.
  read() {
    const unread = [...this.messages.values()].some((m) => m.from === "hotel" && m.status === "delivered" && m.type !== "reaction");
    if (unread && document.visibilityState === "visible" && this.node.isConnected && this.node.offsetParent) {
      api.markRead(this.guest).catch(() => {}); // tried again at the next change
    }
  }

  close() {
    clearTimeout(this.typingTimer);
    clearTimeout(this.retryTimer);
    this.node.remove();
  }
}
