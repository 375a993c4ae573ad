import { createHmac, timingSafeEqual } from 'crypto';

/** How far the time of a signature may be from ours, in seconds. */
export const TOLERANCE = 5 * 60;

const MAX_HEADER = 1024;

/**
 * Says whether a header "t=<unix>,v1=<hex>[,v1=<hex>]" belongs to a body: one v1 must be the
 * HMAC-SHA-256 of "<t>.<body>" under the secret, and t must be near now. While a secret is being
 * rotated there are two.
 */
export function isSigned(secret: string, header: unknown, body: Buffer, now: number): boolean {
	if (!secret || typeof header !== 'string' || header.length > MAX_HEADER) return false;
	const parts = header.split(',').map((part) => part.trim().split('='));
	const times = parts.filter(([key]) => key === 't').map(([, value]) => value);
	if (times.length !== 1 || !/^\d{1,15}$/.test(times[0] ?? '')) return false;
	const want = createHmac('sha256', secret).update(`${times[0]}.`).update(body).digest();
	const fits = parts
		.filter(([key, value]) => key === 'v1' && /^[0-9a-f]{64}$/.test(value ?? ''))
		.map(([, value]) => timingSafeEqual(Buffer.from(value, 'hex'), want));
	return fits.includes(true) && Math.abs(now - Number(times[0])) <= TOLERANCE;
}
