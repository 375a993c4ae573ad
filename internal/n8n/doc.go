// Package n8n speaks the protocol between us and a hotel's flow in n8n, in our direction: a guest's message is posted
// to the flow's webhook, signed; the flow answers later through our own API, for which it holds a key.
//
// Here: what a message looks like to a flow (handover.go, content.go), the signature (signature.go), the post and what
// its failure means (client.go, errors.go, backoff.go), and the form of API keys (key.go). Not here: which messages a
// bot gets and in what order (package inbox), and the routes that a flow calls (package httpapi). Nothing here knows
// SQL.
//
// Start with Body in handover.go. Facts about n8n are from runs of 1.123 and 2.41 in November 2026; facts about
// Z-API, whose names flow authors in Brazil know, from its public documentation of April 2026.
package n8n
