// Package simulator is a stand-in for Meta's WhatsApp Cloud API: a real HTTP server that a client can be pointed at
// instead of graph.facebook.com, and a page with guests' phones to type on.
//
// Three planes share one handler. "/v25.0/…" imitates Meta and refuses what Meta refuses; "/simulator/…" steers it
// (guests, knobs, faults, counters); "/phone" is the guest's phone. Webhooks go out signed and are repeated until they
// get a 200. State lives in memory, is bounded (see Bounds) and is lost with the process.
//
// What does not live here: anything of the product. The package speaks HTTP only and imports nothing of ours.
//
// Where to start: simulator.go for the parts, graph_messages.go for the life of a send, guest.go for what a guest can
// do, sender.go for webhooks, knobs.go and faults.go for misbehaviour. Facts about Meta are as of September 2026.
package simulator
