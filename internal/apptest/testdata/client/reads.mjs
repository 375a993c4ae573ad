// What pages read of answers and events. A spec is a function, an object of specs or a list with one; a key that a page
// reads and that is not there is a mistake, null is one unless the page expects it.

export const text = (v) => typeof v === "string";
export const filled = (v) => typeof v === "string" && v !== "";
export const number = (v) => typeof v === "number" && Number.isFinite(v);
export const flag = (v) => typeof v === "boolean";
export const date = (v) => typeof v === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(v) && !Number.isNaN(Date.parse(v));
export const there = (v) => v !== undefined;
export const oneOf = (...known) => (v) => known.includes(v);
export const orNull = (spec) => Object.assign((v, at, say) => v === null || read(v, spec, at, say), { nested: true });
export const orNothing = (spec) => Object.assign((v, at, say) => v === undefined || v === null || read(v, spec, at, say), { nested: true });

// read compares a value with a spec and says what is wrong.
export function read(value, spec, at, say) {
  if (typeof spec === "function") {
    const good = spec(value, at, say);
    if (!good && !spec.nested) say(`${at} is ${JSON.stringify(value)?.slice(0, 80)}`);
    return good;
  }
  if (Array.isArray(spec)) {
    if (!Array.isArray(value)) return say(`${at} is no list: ${JSON.stringify(value)?.slice(0, 80)}`), false;
    return value.map((v, i) => read(v, spec[0], `${at}.${i}`, say)).every(Boolean);
  }
  if (value === null || typeof value !== "object") return say(`${at} is no object: ${JSON.stringify(value)}`), false;
  return Object.entries(spec).map(([key, s]) => read(value[key], s, `${at}.${key}`, say)).every(Boolean);
}

export const statuses = oneOf("BOT_HANDLING", "OPEN", "IN_PROGRESS", "WAITING", "CLOSED", "ARCHIVED");
export const priorities = oneOf("LOW", "MEDIUM", "HIGH", "URGENT");
const roles = oneOf("SUPER_ADMIN", "TENANT_ADMIN", "HEAD", "ATTENDANT", "SALES");

export const person = { id: filled, name: filled, email: filled };
export const guest = { id: filled, phoneNumber: filled, name: filled, profilePictureUrl: orNull(text) };
export const tag = { id: filled, name: filled, color: filled };
export const preview = { id: filled, content: text, direction: oneOf("INBOUND", "OUTBOUND"), type: filled, timestamp: date };

export const conversation = {
  id: filled, tenantId: filled, contactId: filled, assignedToId: orNull(filled), status: statuses, priority: priorities, source: orNull(filled),
  hotelUnit: orNull(filled), iaLocked: flag, iaLockedAt: orNull(date), iaLockedBy: orNull(filled), lastMessageAt: date, createdAt: date,
  closedAt: orNull(date), metadata: there, contact: guest, assignedTo: orNull(person), tags: [tag],
};
export const card = { ...conversation, lastMessage: orNull(preview), unreadCount: number };
export const laterCard = { ...card, channel: oneOf("WHATSAPP"), isOpportunity: flag, opportunityAt: orNull(date), lastInboundAt: orNull(date) };

export const pages = { page: number, limit: number, total: number, pages: number, totalPages: number };
export const flat = { total: number, page: number, limit: number, pages: number };

// Of a type that the pages do not know they show the content.
const known = oneOf("TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT", "LOCATION", "STICKER", "TEMPLATE", "INTERACTIVE");
const readable = Object.assign((v, at, say) => {
  if (known(v.type) ? text(v.content) : filled(v.content)) return true;
  return say(`${at} is a ${v.type} that says ${JSON.stringify(v.content)}`), false;
}, { nested: true });
export const all = (...specs) => Object.assign((v, at, say) => specs.map((spec) => read(v, spec, at, say)).every(Boolean), { nested: true });

const row = {
  id: filled, conversationId: filled, direction: oneOf("INBOUND", "OUTBOUND"), type: filled, content: text, metadata: orNull({}), timestamp: date, createdAt: date,
  status: oneOf("PENDING", "SENT", "DELIVERED", "READ", "FAILED"), sentById: orNull(filled),
};
export const message = all(row, readable);
export const listedMessage = all({ ...row, contactId: filled, updatedAt: date, userId: orNothing(filled), mediaUrl: orNothing(filled) }, readable);

export const me = { id: filled, email: filled, name: filled, role: roles, status: filled, tenantId: orNull(filled), avatarUrl: orNull(text), createdAt: date, lastLogin: orNull(date) };
export const colleague = {
  id: filled, email: filled, name: filled, role: roles, status: oneOf("ACTIVE", "INACTIVE", "SUSPENDED"), avatarUrl: orNull(text), avatar: orNull(text),
  hotelUnit: orNull(filled), createdAt: date, updatedAt: date,
};
export const member = { ...colleague, lastLogin: orNull(date), conversationsCount: number };

export const stats = {
  total: number, active: number, unassigned: number, unreadMessages: number, avgResponseTime: number, lastUpdated: date,
  byStatus: { BOT_HANDLING: number, OPEN: number, IN_PROGRESS: number, WAITING: number, CLOSED: number },
  byPriority: { LOW: number, MEDIUM: number, HIGH: number, URGENT: number },
  open: number, pending: number, inProgress: number, resolved: number, closed: number,
};

export const contact = {
  ...guest, email: orNull(text), metadata: orNull({ notes: orNothing([{ content: text }]) }), createdAt: date, updatedAt: date,
};
export const laterContact = { ...contact, firstName: orNull(text), lastName: orNull(text), companyName: orNull(text), designation: orNull(text), channel: filled, externalId: filled };

export const escalation = {
  id: filled, conversationId: filled, status: oneOf("PENDING", "IN_PROGRESS", "RESOLVED", "CANCELLED"), reason: filled, reasonDetail: orNull(text),
  hotelUnit: orNull(filled), aiContext: there, attendedById: orNull(filled), attendedAt: orNull(date), createdAt: date, resolvedAt: orNull(date),
};
export const hotel = {
  id: filled, name: filled, slug: filled, email: filled, status: oneOf("TRIAL", "ACTIVE", "SUSPENDED", "CANCELLED"), plan: filled, createdAt: date,
};
