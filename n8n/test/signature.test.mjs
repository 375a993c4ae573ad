import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import signature from '../dist/nodes/BotReservaTrigger/signature.js';

const { isSigned, TOLERANCE } = signature;
const secret = 'whbr_secret';
const now = 1_764_590_400;
const body = Buffer.from('{"event":"message.received","name":"Zoë"}');
const v1 = (key, t = now, of = body) => createHmac('sha256', key).update(`${t}.`).update(of).digest('hex');

test('what Bot Reserva signed is taken', () => {
	assert.ok(isSigned(secret, `t=${now},v1=${v1(secret)}`, body, now));
	assert.ok(isSigned(secret, ` t=${now} , v1=${v1(secret)}`, body, now + TOLERANCE));
	assert.ok(isSigned(secret, `t=${now},v1=${v1(secret)}`, body, now - TOLERANCE));
});

test('while a secret is rotated either signs', () => {
	assert.ok(isSigned(secret, `t=${now},v1=${v1('new')},v1=${v1(secret)}`, body, now));
	assert.ok(isSigned('new', `t=${now},v1=${v1('new')},v1=${v1(secret)}`, body, now));
});

for (const [name, header, at = now, of = body, key = secret] of [
	['no header', undefined],
	['a list of headers', [`t=${now},v1=${v1(secret)}`]],
	['empty', ''],
	['no time', `v1=${v1(secret)}`],
	['two times', `t=${now},t=${now},v1=${v1(secret)}`],
	['no number', `t=now,v1=${v1(secret)}`],
	['another secret', `t=${now},v1=${v1('other')}`],
	['another body', `t=${now},v1=${v1(secret)}`, now, Buffer.from('{}')],
	['another time', `t=${now + 1},v1=${v1(secret)}`],
	['too old', `t=${now},v1=${v1(secret)}`, now + TOLERANCE + 1],
	['from the future', `t=${now},v1=${v1(secret)}`, now - TOLERANCE - 1],
	['cut', `t=${now},v1=${v1(secret).slice(1)}`],
	['no secret', `t=${now},v1=${v1('')}`, now, body, ''],
	['too long', `t=${now},v1=${v1(secret)},${'x'.repeat(1024)}`],
]) {
	test(`refused: ${name}`, () => assert.equal(isSigned(key, header, of, at), false));
}
