// Package engineio serves Engine.IO protocol 4: sessions that carry text and
// binary messages over HTTP long-polling or a websocket, with heartbeat and
// the upgrade from the first to the second.
//
// Here: the handshake, both transports, the upgrade, the heartbeat, the
// outgoing queue with its limit, origins and the per-address cap. Not here:
// events, rooms, acknowledgements, namespaces; those are Socket.IO and live in
// the parent package, which is the only user of this one.
//
// Facts of the protocol are from the Engine.IO protocol text, revision 4, and
// its test suite as published in November 2026.
//
// Start in session.go: a Session is what everything else serves.
package engineio
