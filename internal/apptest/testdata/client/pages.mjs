// The pages of the original's dashboards: the calls that each makes, with the very parameters, and what it reads of the
// answers. A page gets the browser b, whose user is b.me, what the test says it is about (w), and say for mistakes.

import axios from "axios";
import * as r from "./reads.mjs";

const later = (b) => b.name !== "D"; // March and after

export async function login(b, w, say) {
  const body = { email: w.email, password: w.password };
  if (b.name === "H" && w.slug) body.tenant_slug = w.slug;
  const answer = await b.post("/auth/login", body);
  r.read(answer, { user: { id: r.filled, email: r.filled, name: r.filled, role: r.filled, tenantId: r.orNull(r.filled) }, accessToken: r.filled, refreshToken: r.filled }, "login", say);
  b.storage.set("accessToken", answer.accessToken);
  b.storage.set("refreshToken", answer.refreshToken);
  b.location = answer.user.role === "SUPER_ADMIN" ? "/super-admin/tenants" : "/dashboard";
  b.me = await b.get("/auth/me");
  r.read(b.me, r.me, "me", say);
}

// mistyped: the 401 goes through the refresh of the client, which has nothing to refresh with.
export async function mistyped(b, w, say) {
  await refused(b, say, 401, () => b.post("/auth/login", { email: w.email, password: "not the password" }));
  if (b.location !== "/login") say(`after a wrong password the page is ${b.location}`);
}

export async function home(b, _, say) {
  r.read(await b.get("/api/conversations/stats"), r.stats, "stats", say);
}

export async function board(b, w, say) {
  const card = later(b) ? r.laterCard : r.card;
  const tabs = ["BOT_HANDLING", "OPEN", "IN_PROGRESS", "WAITING", "CLOSED"];
  if (later(b)) tabs.push("ARCHIVED"); // refused by the original's own server
  const all = await b.get("/api/conversations", { limit: 100 });
  r.read(all, { data: [card], pagination: r.pages }, "list", say);
  if (all.data.length === 0) say("the board is empty");
  for (const status of tabs) {
    const some = await b.get("/api/conversations", { status, limit: 100 });
    r.read(some, { data: [card], pagination: r.pages }, status, say);
    if (some.data.some((c) => c.status !== status)) say(`the tab ${status} shows others`);
  }
  const found = await b.get("/api/conversations", { limit: 100, search: all.data[0].contact.name, page: 1 });
  if (!found.data.some((c) => c.id === all.data[0].id)) say("the search for a name does not find it");
  for (const status of ["IN_PROGRESS", "WAITING", "OPEN"]) { // a card is dragged from column to column
    const moved = await b.patch(`/api/conversations/${w.conversation}`, { status });
    r.read(moved, r.conversation, "moved", say);
    if (moved.status !== status) say(`dragged to ${status} it is ${moved.status}`);
  }
}

// ending closes a conversation, as boards do, and later ones put it away and delete it.
export async function ending(b, w, say) {
  const closed = await b.post(`/api/conversations/${w.conversation}/close`);
  r.read(closed, { ...r.conversation, closedAt: r.date }, "closed", say);
  if (!later(b)) return;
  r.read(await b.post(`/api/conversations/${w.conversation}/archive`), { ...r.conversation, closedAt: r.date }, "archived", say);
  if (["SUPER_ADMIN", "TENANT_ADMIN"].includes(b.me.role)) {
    const gone = await b.delete(`/api/conversations/${w.conversation}`);
    if (gone.success !== true || gone.id !== w.conversation) say(`deleted: ${JSON.stringify(gone)}`);
  } else {
    await refused(b, say, 403, () => b.delete(`/api/conversations/${w.conversation}`));
  }
}

export async function chat(b, w, say) {
  const at = `/api/conversations/${w.conversation}`;
  const list = await b.get("/api/conversations", { limit: 50 });
  r.read(list, { data: [r.card], pagination: r.pages }, "sidebar", say);
  const c = await b.get(at);
  r.read(c, { ...r.conversation, contact: r.contact }, "conversation", say);
  const said = await b.get(`${at}/messages`, { limit: 100 });
  r.read(said, { data: [r.listedMessage], pagination: r.pages }, "messages", say);
  const times = said.data.map((m) => Date.parse(m.timestamp));
  if (times.some((t, i) => i > 0 && t < times[i - 1])) say("messages are not oldest first");
  for (const type of ["IMAGE", "VIDEO", "AUDIO", "DOCUMENT", "LOCATION", "STICKER"]) {
    if (!said.data.some((m) => m.type === type)) say(`the chat lacks the guest's ${type}`);
  }
  r.read(await b.get(`${at}/messages`, { page: 1, limit: 50 }), { data: [r.listedMessage], pagination: r.pages }, "messages of a page", say);
  r.read(await b.post(`${at}/read`), { updatedCount: r.number }, "read", say);
  if ((await b.get("/api/conversations", { limit: 50 })).data.find((x) => x.id === c.id)?.unreadCount !== 0) say("what was read counts as unread");

  if (b.me.role === "SUPER_ADMIN") await refused(b, say, 404, () => b.post(`${at}/assign`, { userId: b.me.id })); // who is not of the hotel
  else r.read(await b.post(`${at}/assign`, { userId: b.me.id }), { ...r.conversation, assignedTo: r.person }, "assigned", say);
  if (["SUPER_ADMIN", "TENANT_ADMIN"].includes(b.me.role)) { // they pick from the team
    const team = await b.get("/api/users", { status: "ACTIVE", limit: 100 });
    r.read(team, { data: [r.member], ...r.flat }, "team", say);
  }
  for (const locked of [true, false, true]) {
    const held = await b.patch(`${at}/ia-lock`, { locked });
    r.read(held, r.conversation, "ia-lock", say);
    if (held.iaLocked !== locked) say(`the switch says ${locked}, the answer ${held.iaLocked}`);
  }
  const sent = await b.post(`${at}/messages`, { content: w.text, type: "TEXT", metadata: {} });
  r.read(sent, r.message, "sent", say);
  if (sent.content !== w.text || sent.direction !== "OUTBOUND" || sent.sentById !== (b.me.tenantId && b.me.id)) say(`sent: ${JSON.stringify(sent)}`);
  await refused(b, say, 400, () => b.post(`${at}/messages`, { content: "" }));

  const changed = await b.patch(at, { priority: "HIGH", unknown: "key", isTyping: false, contact: { name: "x" } }); // unknown keys are ignored
  if (changed.priority !== "HIGH") say(`priority: ${changed.priority}`);
  const labels = w.tag ? [w.tag] : [];
  r.read(await b.patch(at, { tagIds: labels }), r.conversation, "tagged", say);
  const note = `Prefere o térreo, disse ${b.me.name}`;
  const noted = await b.patch(`/api/contacts/${c.contactId}`, { metadata: { notes: note } }); // written as a text, read as a list
  if (noted.metadata?.notes?.map((n) => n.content).join() !== note) say(`notes: ${JSON.stringify(noted.metadata)}`);
  await attached(b, say);
  if (later(b)) {
    r.read(await b.get("/api/tags"), { data: [{ ...r.tag, createdAt: r.date, conversationsCount: r.number }] }, "tags", say);
    r.read(await b.get("/api/quick-replies", { isActive: true }), { data: [quickReply] }, "quick replies", say);
    r.read(await b.get(`/api/contacts/${c.contactId}/conversations`, { page: 1, limit: 20 }), {
      data: [{ id: r.filled, status: r.statuses, lastMessageAt: r.date, createdAt: r.date, assignedTo: r.orNull({ id: r.filled, name: r.filled }), _count: { messages: r.number } }], pagination: r.pages,
    }, "the guest's conversations", say);
    r.read(await b.post(`${at}/unassign`), { ...r.conversation, contact: r.guest }, "unassigned", say);
  }
}

// attached is the helper that no page uses: it keeps a picture, which an <img> of another origin may show.
async function attached(b, say) {
  const form = new FormData();
  const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  form.append("file", new Blob([picture], { type: "image/png" }), "quarto.png");
  const { url } = await b.call("post", "/api/media/upload", { body: form, headers: { "Content-Type": "multipart/form-data" } });
  if (!r.filled(url)) return say(`uploaded: ${url}`);
  const { pathname, search } = new URL(url);
  const shown = await axios.get(b.url + pathname + search, { responseType: "arraybuffer", headers: { Origin: b.origin, "Sec-Fetch-Mode": "no-cors" } });
  if (shown.headers["cross-origin-resource-policy"] !== "cross-origin") say(`an <img> may not show it: ${shown.headers["cross-origin-resource-policy"]}`);
  if (shown.headers["content-type"] !== "image/png" || !picture.equals(Buffer.from(shown.data))) say(`the picture is ${shown.headers["content-type"]}`);
}

// answers is a chat that is opened, answered and left.
export async function answers(b, w) {
  const at = `/api/conversations/${w.conversation}`;
  await b.get(at);
  await b.get(`${at}/messages`, { limit: 100 });
  await b.post(`${at}/read`);
  await b.post(`${at}/messages`, { content: w.text, type: "TEXT" });
}

export async function contacts(b, w, say) {
  const contact = later(b) ? r.laterContact : r.contact;
  const listed = { ...contact, conversationsCount: r.number, lastConversationAt: r.orNull(r.date) };
  const list = (params) => b.get("/api/contacts", { page: 1, limit: 20, sortBy: "createdAt", sortOrder: "desc", ...params });
  r.read(await list({ search: undefined }), { data: [listed], pagination: r.pages }, "contacts", say);
  r.read(await list({ search: "" }), { data: [listed], pagination: r.pages }, "contacts of an empty search", say);
  r.read(await b.get("/api/contacts/stats"), {
    total: r.number, withConversations: r.number, withoutConversations: r.number, lastUpdated: r.date,
    recentContacts: [{ ...r.guest, email: r.orNull(r.text), createdAt: r.date, _count: { conversations: r.number } }],
  }, "contacts/stats", say);
  const fields = { phoneNumber: w.phone, name: "Carla Dias", email: "carla@example.com", metadata: { notes: "vegetariana" } };
  if (!["SUPER_ADMIN", "TENANT_ADMIN"].includes(b.me.role)) {
    await refused(b, say, 403, () => b.post("/api/contacts", fields));
    return;
  }
  const made = await b.post("/api/contacts", fields);
  r.read(made, { ...contact, _count: { conversations: r.number } }, "contact made", say);
  const twice = await refused(b, say, 409, () => b.post("/api/contacts", fields));
  if (twice?.existingContactId !== made.id) say(`a second contact: ${JSON.stringify(twice)}`);
  const one = await b.get(`/api/contacts/${made.id}`);
  r.read(one, { ...contact, _count: { conversations: r.number }, lastConversation: r.orNull({ id: r.filled, lastMessageAt: r.date }) }, "contact", say);
  const changed = await b.patch(`/api/contacts/${made.id}`, { name: "Carla Lima", email: "lima@example.com", metadata: { notes: "" } });
  if (changed.name !== "Carla Lima") say(`changed: ${JSON.stringify(changed)}`);
  if (!(await list({ search: "Carla" })).data.some((c) => c.id === made.id)) say("the search does not find Carla");
  if (later(b)) {
    for (const format of ["xlsx", "csv"]) {
      const file = await b.http.request({ method: "get", url: b.variant.at("/api/contacts/export"), params: { format, search: "" }, responseType: "arraybuffer" });
      if (!file.data.byteLength || !/filename="?contatos-\d{4}-\d\d-\d\d\./.test(file.headers["content-disposition"] ?? "")) say(`export: ${file.headers["content-disposition"]}`);
      if (!/content-disposition/i.test(file.headers["access-control-expose-headers"] ?? "")) say("a browser may not read the name of the export");
    }
  }
  await b.delete(`/api/contacts/${made.id}`);
}

export async function users(b, w, say) {
  const limit = b.name === "H" ? 10 : 50;
  r.read(await b.get("/api/users", { page: 1, limit }), { data: [r.member], ...r.flat }, "users", say);
  await b.get("/api/users", { page: 1, limit, role: "ATTENDANT", status: "ACTIVE", search: "", hotelUnit: "Ilhabela" });
  await b.get("/api/users", { page: 1, limit, status: "SUSPENDED" });
  const made = await b.post("/api/users", { email: w.newcomer, password: "uma senha longa", name: "Bia Souza", role: "ATTENDANT", hotelUnit: "Ilhabela" });
  r.read(made, r.colleague, "user made", say);
  const at = `/api/users/${made.id}`;
  r.read(await b.get(at), r.member, "user", say);
  r.read(await b.patch(at, { name: "Bia Lima", role: "ATTENDANT", hotelUnit: "Camburi", email: w.newcomer }), { ...r.colleague, hotelUnit: r.oneOf("Camburi") }, "user changed", say);
  await b.patch(at, { password: "outra senha longa" }); // reset by a manager
  const suspended = await b.patch(`${at}/status`, { status: "SUSPENDED" });
  if (!["SUSPENDED", "INACTIVE"].includes(suspended.status)) say(`suspended: ${suspended.status}`);
  const active = await b.patch(`${at}/status`, { status: "ACTIVE" });
  if (active.status !== "ACTIVE") say(`let in again: ${active.status}`);
  await b.delete(at);
  await refused(b, say, [400, 404], () => b.delete(`/api/users/${b.me.id}`)); // oneself; an operator is not of the team
}

export async function reports(b, _, say) {
  for (const period of ["7d", "30d", "90d", "1y"]) {
    const o = await b.get("/api/reports/overview", { period });
    r.read(o, {
      overview: { totalConversations: r.number, conversationsChange: r.number, averageResponseTime: r.number, resolutionRate: r.number, activeAttendants: r.number, totalAttendants: r.number },
      statusBreakdown: [{ status: r.statuses, count: r.number, percentage: r.number }],
    }, "overview", say);
    r.read(await b.get("/api/reports/attendants", { period }), {
      attendants: [{ id: r.filled, name: r.filled, email: r.filled, conversationsCount: r.number, satisfactionRate: r.number }],
    }, "attendants", say);
    const h = await b.get("/api/reports/hourly", { period });
    r.read(h, { hourlyVolume: [{ hour: r.number, count: r.number, ...(later(b) && { isBusinessHour: r.flag }) }] }, "hourly", say);
    if (h.hourlyVolume?.length !== 24) say(`${h.hourlyVolume?.length} hours`);
    if (!later(b)) continue;
    r.read(h, { businessHoursMetrics: { businessHoursStart: r.number, businessHoursEnd: r.number, insideCount: r.number, outsideCount: r.number, outsidePercentage: r.number } }, "hourly", say);
    r.read(await b.get("/api/reports/outside-hours", { period }), {
      total: r.number,
      conversations: [{ id: r.filled, status: r.statuses, createdAt: r.date, lastMessageAt: r.date, hotelUnit: r.orNull(r.filled), contact: r.guest, assignedTo: r.orNull({ id: r.filled, name: r.filled }) }],
    }, "outside-hours", say);
  }
}

export async function settings(b, w, say) {
  const config = { isConnected: r.flag, phoneNumber: r.orNothing(r.text), whatsappPhoneNumberId: r.orNull(r.text), whatsappBusinessAccountId: r.orNull(r.text), whatsappWebhookVerifyToken: r.orNull(r.text) };
  r.read(await b.get("/api/tenants/whatsapp-config"), config, "whatsapp-config", say);
  await b.post("/api/tenants/whatsapp-config", { ...w.whatsapp, whatsappAppSecret: "", whatsappWebhookVerifyToken: "" }); // left empty
  const after = await b.get("/api/tenants/whatsapp-config");
  if (after.isConnected !== true) say(`not connected: ${JSON.stringify(after)}`);
  await password(b, w, say);
}

async function password(b, w, say) {
  const old = b.name === "D" ? "currentPassword" : "oldPassword";
  await refused(b, say, 401, () => b.post("/auth/change-password", { [old]: "not the password", newPassword: "uma senha bem nova" }));
  r.read(await b.post("/auth/change-password", { [old]: w.password, newPassword: "uma senha bem nova" }), { message: r.filled }, "change-password", say);
  r.read(await b.get("/auth/me"), r.me, "me with another password", say); // this log-in goes on
  await b.post("/auth/change-password", { [old]: "uma senha bem nova", newPassword: w.password });
}

export async function tenants(b, w, say) {
  const listed = { ...r.hotel, isWhatsappConnected: r.flag, maxUsers: r.number, maxContacts: r.number, _count: { users: r.number, conversations: r.number, contacts: r.number } };
  const list = () => b.get("/api/tenants", { page: 1, limit: 100, search: undefined });
  r.read(await list(), { data: [listed], pagination: r.pages }, "tenants", say);
  const body = { name: "Pousada do Sol", slug: w.newSlug, email: `gerente@${w.newSlug}.example`, plan: "PROFESSIONAL", maxUsers: 10, maxContacts: 1000 };
  const made = await b.post("/api/tenants", body);
  r.read(made, { tenant: r.hotel, adminUser: { id: r.filled, email: r.filled, temporaryPassword: r.filled }, loginUrl: r.filled }, "tenant made", say);
  if (b.name === "H") r.read(made, { tempPassword: r.filled, emailSent: r.flag, login_url: r.filled }, "tenant made", say);
  if (!(await list()).data.some((t) => t.slug === w.newSlug)) say("the new hotel is not listed");
  await refused(b, say, [400, 409], () => b.post("/api/tenants", body));
  if (later(b)) r.read(await b.get(`/api/tenants/${made.tenant.id}/stats`), {}, "tenants/stats", say);
  b.made = { email: made.adminUser.email, password: made.adminUser.temporaryPassword, slug: w.newSlug };
}

export async function opportunities(b, _, say) {
  const preview = { ...r.preview, userId: r.orNull(r.filled) };
  const list = await b.get("/api/conversations", { isOpportunity: true, limit: 50, page: 1 });
  r.read(list, { data: [{ ...r.laterCard, isOpportunity: r.oneOf(true), opportunityAt: r.date, lastInboundAt: r.date, lastMessage: preview }], pagination: r.pages }, "opportunities", say);
  if (list.data.length === 0) say("there is no opportunity");
  r.read(await b.get("/api/conversations/stats"), r.stats, "stats", say);
}

export async function escalations(b, w, say) {
  r.read(await b.get("/api/escalations/stats"), { total: r.number, pending: r.number, inProgress: r.number, resolved: r.number, cancelled: r.number, byStatus: {}, byReason: {}, byHotelUnit: {} }, "escalations/stats", say);
  const list = await b.get("/api/escalations", { page: 1, limit: 20 });
  const listed = { ...r.escalation, conversation: { ...r.conversation, contact: r.guest } };
  r.read(list, { data: [listed], pagination: r.pages }, "escalations", say);
  await b.get("/api/escalations", { status: "PENDING", hotelUnit: "Ilhabela", page: 1, limit: 20 });
  const one = list.data.find((e) => e.conversationId === w.conversation) ?? list.data[0];
  if (!one) return say("there is no escalation");
  r.read(await b.get(`/api/escalations/${one.id}`), { ...r.escalation, conversation: { ...r.conversation, messages: [r.message] } }, "escalation", say);
  for (const status of ["IN_PROGRESS", "RESOLVED"]) {
    const changed = await b.patch(`/api/escalations/${one.id}`, { status, assignedToId: b.me.id, notes: "Resolvido pelo telefone" });
    r.read(changed, { ...r.escalation, status: r.oneOf(status), attendedAt: r.date, conversation: { contact: r.guest } }, status, say);
  }
}

export async function tags(b, _, say) {
  const tag = { ...r.tag, createdAt: r.date };
  r.read(await b.get("/api/tags", { search: "" }), { data: [{ ...tag, conversationsCount: r.number }] }, "tags", say);
  const made = await b.post("/api/tags", { name: `Etiqueta de ${b.me.name}`, color: "#3B82F6" });
  r.read(made, tag, "tag made", say);
  await refused(b, say, [400, 409], () => b.post("/api/tags", { name: `Etiqueta de ${b.me.name}`, color: "#3B82F6" }));
  r.read(await b.patch(`/api/tags/${made.id}`, { name: `Outra de ${b.me.name}`, color: "#10B981" }), tag, "tag changed", say);
  await b.delete(`/api/tags/${made.id}`);
}

const quickReply = {
  id: r.filled, title: r.filled, shortcut: r.filled, content: r.filled, category: r.orNull(r.filled), order: r.number, isActive: r.flag,
  createdAt: r.date, updatedAt: r.date, createdBy: r.orNull({ id: r.filled, name: r.filled }),
};

export async function quickReplies(b, _, say) {
  const shortcut = `r-${b.me.id.slice(-8)}`;
  r.read(await b.get("/api/quick-replies", { search: "", category: undefined }), { data: [quickReply] }, "quick replies", say);
  const made = await b.post("/api/quick-replies", { title: "Café", shortcut, content: "O café é das 7 às 10.", category: "Hotel", order: 1 });
  r.read(made, quickReply, "quick reply made", say);
  await refused(b, say, [400, 409], () => b.post("/api/quick-replies", { title: "Café", shortcut, content: "x" }));
  r.read(await b.patch(`/api/quick-replies/${made.id}`, { isActive: false, category: null }), { ...quickReply, isActive: r.oneOf(false) }, "quick reply changed", say);
  await b.delete(`/api/quick-replies/${made.id}`);
}

export async function logs(b, _, say) {
  const entry = { id: r.filled, tenantId: r.orNull(r.filled), userId: r.orNull(r.filled), action: r.filled, entity: r.filled, entityId: r.orNull(r.filled), metadata: r.there, createdAt: r.date };
  const list = await b.get("/api/audit-logs", { page: 1, limit: 20 });
  r.read(list, { data: [entry], ...r.flat }, "audit-logs", say);
  if (list.data.length === 0) return say("nothing was ever done");
  r.read(await b.get(`/api/audit-logs/${list.data[0].id}`), { ...entry, oldData: r.there, newData: r.there }, "audit-log", say);
  await b.get("/api/audit-logs", { page: 1, limit: 20, action: "LOGIN", entity: "user", startDate: "2026-01-01", endDate: new Date(Date.now() + 864e5).toISOString() });
  r.read(await b.get("/api/webhook-events", { page: 1, limit: 20 }), {
    data: [{ id: r.filled, tenantId: r.orNull(r.filled), source: r.filled, event: r.filled, processed: r.flag, processedAt: r.orNull(r.date), error: r.orNull(r.text), createdAt: r.date }], ...r.flat,
  }, "webhook-events", say);
  r.read(await b.get("/api/usage-tracking/current"), { period: r.date, messagesCount: r.number, conversationsCount: r.number, activeUsers: r.number }, "usage", say);
}

// broken is the error boundary: every role reports.
export async function broken(b, _, say) {
  const report = { message: "Cannot read properties of undefined (reading 'map')", stack: "TypeError: …", componentStack: "at Chat", url: `${b.origin}/dashboard`, userAgent: "Mozilla/5.0" };
  r.read(await b.post("/api/audit-logs/client-error", report), { ok: r.oneOf(true) }, "client-error", say);
}

// refused expects a refusal whose words a page can show.
async function refused(b, say, status, call) {
  try {
    await call();
    say(`not refused; want ${status}`);
  } catch (error) {
    if (!error.response) throw error;
    if (![].concat(status).includes(error.response.status)) say(`refused with ${error.response.status}, want ${status}: ${JSON.stringify(error.response.data)}`);
    r.read(error.response.data, { message: r.filled, error: r.filled }, "refusal", say);
    return error.response.data;
  }
}
