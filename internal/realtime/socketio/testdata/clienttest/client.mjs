// Drives the server of client_test.go with the official client.
//
//   node client.mjs <url> websocket|polling|upgrade
//
// Every scenario gets its own connections. The process ends with 0 when all
// hold, and else says which one did not.

import assert from "node:assert/strict";
import { io } from "socket.io-client";

const [url, mode] = process.argv.slice(2);
const transports = { websocket: ["websocket"], polling: ["polling"], upgrade: ["polling", "websocket"] }[mode];
const patience = 20_000;

let open = [];

function client(auth = { user: "ana" }, path = "") {
  const socket = io(url + path, {
    transports,
    auth,
    forceNew: true,
    reconnectionDelay: 10,
    reconnectionDelayMax: 50,
    ackTimeout: patience,
  });
  open.push(socket);
  return socket;
}

async function connected(...args) {
  const socket = client(...args);
  await heard(socket, "connect");
  return socket;
}

function heard(emitter, event) {
  return Promise.race([
    new Promise((resolve) => emitter.once(event, (...args) => resolve(args))),
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`no "${event}" in time`)), patience).unref();
    }),
  ]);
}

// collect remembers the first argument of every event and can wait for a number of them.
function collect(socket, event) {
  const got = [];
  socket.on(event, (value) => got.push(value));
  got.reach = async (count) => {
    const limit = Date.now() + patience;
    while (got.length < count) {
      assert.ok(Date.now() < limit, `${got.length} of ${count} "${event}" in time`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return [...got];
  };
  return got;
}

const sequence = (count) => Array.from({ length: count }, (_, i) => i);

const scenarios = {
  async "acknowledgements both ways"() {
    const socket = await connected();
    assert.deepEqual(await socket.emitWithAck("echo", { text: "olá, 🏨" }), { text: "olá, 🏨" });
    socket.on("question", (n, answer) => answer(n + 1));
    assert.equal(await socket.emitWithAck("ask me", 41), 42);
  },

  async "binary, nested, both ways"() {
    const socket = await connected();
    const sent = { list: [Buffer.from([1, 2, 3])], n: 7 };
    const got = await socket.emitWithAck("echo", sent);
    assert.equal(got.n, 7);
    assert.deepEqual(Buffer.from(got.list[0]), sent.list[0]);
  },

  async "a burst of 300 arrives in order"() {
    const socket = await connected();
    const numbers = collect(socket, "n");
    socket.emit("burst", 300);
    assert.deepEqual(await numbers.reach(300), sequence(300));
    for (const i of sequence(300)) socket.emit("up", i);
    assert.deepEqual(await socket.emitWithAck("what came up"), sequence(300));
  },

  async "a large event"() {
    const socket = await connected();
    const text = "x".repeat(300_000);
    assert.equal(await socket.emitWithAck("echo", text), text);
  },

  async "the transport that was asked for"() {
    const socket = await connected();
    const { engine } = socket.io;
    if (mode === "upgrade" && engine.transport.name !== "websocket") await heard(engine, "upgrade");
    assert.equal(engine.transport.name, mode === "polling" ? "polling" : "websocket");
    assert.equal(await socket.emitWithAck("echo", 1), 1);
  },

  async "nothing is lost during the upgrade"() {
    await Promise.all(
      sequence(8).map(async () => {
        const socket = client({ user: "ana", stream: 200 });
        const numbers = collect(socket, "n");
        for (const i of sequence(50)) socket.emit("up", i);
        assert.deepEqual(await numbers.reach(200), sequence(200));
        assert.deepEqual(await socket.emitWithAck("what came up"), sequence(50));
      }),
    );
  },

  async "a refusal has message and data"() {
    const socket = client({ user: "nobody" });
    const [error] = await heard(socket, "connect_error");
    assert.equal(error.message, "Authentication failed: nobody");
    assert.deepEqual(error.data, { code: "unknown_user" });
    assert.equal(socket.active, false);
    socket.auth = { user: "ana" };
    socket.connect();
    await heard(socket, "connect");
  },

  async "an unknown namespace is refused"() {
    const [error] = await heard(client({ user: "ana" }, "/unknown"), "connect_error");
    assert.equal(error.message, "Invalid namespace");
  },

  async "two namespaces at once"() {
    const main = await connected();
    const other = main.io.socket("/other", { auth: { user: "ana" } });
    open.push(other);
    other.connect();
    await heard(other, "connect");
    assert.equal(await other.emitWithAck("echo", "other"), "other");
    assert.equal(await main.emitWithAck("echo", "main"), "main");
  },

  async "rooms"() {
    const [ana, bia, eva] = await Promise.all([connected(), connected(), connected()]);
    const heardBy = [ana, bia, eva].map((socket) => collect(socket, "shout"));
    const [first, second] = [`1-${ana.id}`, `2-${ana.id}`];
    await ana.emitWithAck("enter", first);
    await ana.emitWithAck("enter", second);
    await bia.emitWithAck("enter", second);
    await eva.emitWithAck("shout", [first, second], "both");
    await eva.emitWithAck("shout", [first], "first");
    await Promise.all([ana, bia, eva].map((socket) => socket.emitWithAck("echo", "flush")));
    assert.deepEqual(
      heardBy.map((got) => [...got]),
      [["both", "first"], ["both"], []],
    );
  },

  async "missed events are recovered"() {
    const [ana, eva] = await Promise.all([connected(), connected()]);
    const got = collect(ana, "shout");
    const { id } = ana;
    const room = `room-${id}`;
    await ana.emitWithAck("enter", room);
    for (let round = 1; round <= 3; round++) {
      const before = got.length;
      await eva.emitWithAck("shout", [room], `${round}: before`);
      await got.reach(before + 1);
      ana.io.reconnection(false);
      ana.io.engine.close();
      for (const i of sequence(5)) await eva.emitWithAck("shout", [room], `${round}: missed ${i}`);
      ana.io.reconnection(true);
      ana.connect();
      await heard(ana, "connect");
      assert.equal(ana.recovered, true);
      assert.equal(ana.id, id);
      await eva.emitWithAck("shout", [room], `${round}: after`);
      const expected = ["before", ...sequence(5).map((i) => `missed ${i}`), "after"].map((s) => `${round}: ${s}`);
      assert.deepEqual((await got.reach(before + 7)).slice(before), expected);
    }
  },

  async "a lost connection comes back by itself"() {
    const socket = await connected();
    const gone = heard(socket, "disconnect");
    socket.io.engine.transport.close();
    const back = heard(socket, "connect");
    socket.io.engine.close();
    assert.match((await gone)[0], /transport (close|error)|forced close/);
    await back;
    assert.equal(await socket.emitWithAck("echo", 1), 1);
  },

  async "a disconnect by the server is final"() {
    const socket = await connected();
    const gone = heard(socket, "disconnect");
    socket.emit("send me away");
    assert.deepEqual((await gone)[0], "io server disconnect");
    assert.equal(socket.active, false);
  },

  // The last one: it replaces the server under everybody's feet.
  async "a restart of the server brings clients back"() {
    const sockets = await Promise.all(sequence(5).map(() => connected()));
    const gone = Promise.all(sockets.map((socket) => heard(socket, "disconnect")));
    const back = Promise.all(sockets.map((socket) => heard(socket, "connect")));
    sockets[0].emit("restart");
    for (const [reason] of await gone) assert.match(reason, /^transport (close|error)$/);
    await back;
    assert.deepEqual(
      sockets.map((socket) => socket.recovered),
      sockets.map(() => false),
    );
    assert.equal(await sockets[0].emitWithAck("echo", 1), 1);
  },
};

for (const [name, run] of Object.entries(scenarios)) {
  try {
    await run();
    console.log(`ok: ${name}`);
  } catch (error) {
    console.log(`FAILED: ${name}\n${error.stack}`);
    process.exit(1);
  } finally {
    for (const socket of open) socket.disconnect();
    open = [];
  }
}
process.exit(0);
