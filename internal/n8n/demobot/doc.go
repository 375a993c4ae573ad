// Package demobot stands in for a hotel's n8n flow where there is none: on a fresh machine, in demos, in tests. It is a
// webhook that gets the guest's messages and answers through the product's public API, as a flow does, with a small
// conversation in Portuguese instead of a language model.
//
// It imports nothing of the product on purpose: it knows what a flow's author knows, so that it shows when the protocol
// changes. It is never a shortcut inside the product. What it holds is in memory and bounded: a message that it took
// and had not answered is lost with the process, as with n8n's default settings.
//
// Start with bot.go for the parts; webhook.go is the way in, queue.go the order per guest, turn.go one message's work,
// api.go the way out. dialogue.go decides what is said, words.go understands, answers.go has the texts.
package demobot
