// Package whatsapp speaks Meta's WhatsApp Cloud API in both directions and nothing else: it checks and reads
// webhooks, sends messages, and says what an error means. It knows no tenants, no SQL and no rules of the hotel;
// it never waits, retries or stores.
//
// Inbound, start with webhook.go (Split) and go on to inbound.go and status.go. Outbound, start with send.go, then
// outcome.go (was it sent?) and errors.go with error_codes.go (what to do about it). pair.go and number_rate.go say
// how long to wait so that Meta does not refuse.
//
// Facts of the protocol were taken from Meta's documentation as it stood between December 2025 and September 2026.
package whatsapp
