// A provider that misbehaves, over TLS: `node fake.mjs KEY CERT` prints its port. The first part of the path says how,
// and is part of the issuer: https://localhost:PORT/HOW. /HOW/seen gives what was asked, with times in milliseconds.
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [tlsKey, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const right = rsa();
const stranger = rsa();
const jwk = (pair, kid, more) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', ...more });
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const rsaSign = (pair, hash = 'sha256') => (text) => createSign(hash).update(text).sign(pair.privateKey, 'base64url');
const pem = right.publicKey.export({ type: 'spki', format: 'pem' });
const now = () => Math.floor(Date.now() / 1000);

const pending = [400, { error: 'authorization_pending' }];
const drop = 'drop';
const hang = 'hang';
const big = [200, { id_token: 'x'.repeat(70000) }];

// How each differs from a good provider. `polls` are the answers to the first polls; then comes the token.
const hows = {
  good: {},
  polite: { polls: [pending, pending] },
  forever: { polls: Array(1000).fill(pending) },
  aud: { claims: { aud: 'somebody' } },
  aud2: { claims: { aud: ['kiosk', 'somebody'] } },
  azp: { claims: { azp: 'somebody' } },
  iss: { claims: { iss: 'https://localhost/somebody' } },
  iss2: { claims: (base) => ({ iss: [base, 'https://localhost/somebody'] }) },
  sub: { claims: { sub: '' } },
  exp: { claims: { exp: now() - 3600 } },
  'exp-in-skew': { claims: () => ({ exp: now() - 30 }) },
  'exp-none': { claims: { exp: undefined } },
  'exp-text': { claims: { exp: 'tomorrow' } },
  nbf: { claims: () => ({ nbf: now() + 3600 }) },
  old: { claims: () => ({ iat: now() - 300 }) },
  future: { claims: () => ({ iat: now() + 300 }) },
  signature: { sign: rsaSign(stranger) },
  unsigned: { sign: () => '' },
  none: { header: { alg: 'none' }, sign: () => '' },
  hmac: { header: { alg: 'HS256' }, sign: (text) => createHmac('sha256', pem).update(text).digest('base64url') },
  rs512: { header: { alg: 'RS512' }, sign: rsaSign(right, 'sha512'), metadata: { id_token_signing_alg_values_supported: ['RS256', 'RS512'] } },
  unlisted: { metadata: { id_token_signing_alg_values_supported: ['ES256'] } },
  onlyhmac: { metadata: { id_token_signing_alg_values_supported: ['HS256', 'none'] } },
  crit: { header: { crit: ['exp'] } },
  'key-enc': { keys: () => [jwk(right, 'a', { use: 'enc' })] },
  'no-kid': { header: { kid: undefined } },
  'no-kid-two': { header: { kid: undefined }, keys: () => [jwk(right, 'a'), jwk(stranger, 'b')] },
  rotated: { keys: (asked) => (asked > 1 ? [jwk(stranger, 'b'), jwk(right, 'a')] : [jwk(stranger, 'b')]) },
  unknown: { keys: () => [jwk(stranger, 'b')] },
  'odd-keys': { keys: () => [{ kty: 'AKP', kid: 'q', alg: 'ML-DSA-44', pub: 'x' }, 7, jwk(right, 'a')] },
  number: { claims: { number: undefined } },
  'number-type': { claims: { number: 110101 } },
  'number-control': { claims: { number: '1\n2' } },
  name: { claims: { name: undefined } },
  date: { claims: { birthdate: '2023-02-29' } },
  'date-other': { claims: { birthdate: '19900307' } },
  nonce: { claims: { nonce: 'unasked' } },
  'nonce-back': { claims: (base, form) => ({ nonce: form.nonce }) },
  acr: { claims: { acr: 'high' } },
  login: { claims: () => ({ auth_time: now() - 30 }) },
  'login-old': { claims: () => ({ auth_time: now() - 3600 }) },
  'no-token': { polls: [[200, { access_token: 'secretaccess', token_type: 'Bearer' }]] },
  garbage: { polls: [[200, { id_token: 'a.b' }]] },
  slow: { polls: [[400, { error: 'slow_down' }], pending] },
  drops: { polls: [drop, drop] },
  hangs: { polls: [hang] },
  broken: { polls: Array(9).fill([503, {}]), device: { expires_in: 4 } },
  late: { polls: Array(9).fill(pending), device: { expires_in: 3 } },
  grant: { polls: [[400, { error: 'invalid_grant' }]] },
  post: { secret: "s+e%c:r&e t=/?'", metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] } },
  'no-secret': { metadata: { token_endpoint_auth_methods_supported: ['private_key_jwt'] } },
  'big-token': { polls: [big] },
  'big-discovery': { metadata: { x: 'x'.repeat(70000) } },
  'big-keys': { keys: () => [{ kty: 'x', x: 'x'.repeat(70000) }] },
  moved: { moved: true },
  'not-mine': { metadata: { issuer: 'https://localhost/somebody' } },
  'http-token': { metadata: (base) => ({ token_endpoint: base.replace('https', 'http') }) },
  'no-device': { metadata: { device_authorization_endpoint: undefined } },
  client: { deviceStatus: [401, { error: 'invalid_client' }] },
  'http-uri': { device: { verification_uri: 'http://localhost/device' } },
  'http-complete': { device: { verification_uri_complete: 'javascript:alert(1)' } },
  'long-uri': { device: { verification_uri: `https://localhost/${'x'.repeat(512)}` } },
  code: { device: { user_code: '一二三' } },
  'long-code': { device: { user_code: 'X'.repeat(33) } },
  'no-complete': { device: { verification_uri_complete: undefined, expires_in: 86400, interval: undefined } },
};

const state = new Map();
const of = (value, ...args) => (typeof value === 'function' ? value(...args) : value);

function answer(how, what, base, form, at) {
  const h = hows[how];
  if (what === '.well-known/openid-configuration') {
    if (h.moved) return [302, {}, { location: `https://localhost:${port}/good/${what}` }];
    return [200, {
      issuer: base, device_authorization_endpoint: `${base}/device`, token_endpoint: `${base}/token`,
      jwks_uri: `${base}/keys`, id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      ...of(h.metadata, base),
    }];
  }
  if (what === 'keys') return [200, { keys: (h.keys ?? (() => [jwk(right, 'a')]))(++at.keys) }];
  if (form.client_secret !== h.secret) return [401, { error: 'invalid_client' }];
  if (what === 'device') {
    at.form = form;
    return h.deviceStatus ?? [200, {
      device_code: 'secretdevice', user_code: 'WDJB-MJHT', verification_uri: `${base}/enter`,
      verification_uri_complete: `${base}/enter?user_code=WDJB-MJHT`, expires_in: 600, interval: 1, ...h.device,
    }];
  }
  if (what === 'token') {
    if (form.device_code !== 'secretdevice' || form.client_id !== 'kiosk') return [400, { error: 'invalid_request' }];
    const poll = h.polls?.[at.polls++];
    if (poll) return poll;
    const claims = {
      iss: base, aud: 'kiosk', sub: 'p', iat: now(), exp: now() + 300, number: '110101199003072316', name: '张三',
      birthdate: '1990-03-07', ...of(h.claims, base, at.form),
    };
    const text = `${part({ alg: 'RS256', kid: 'a', ...h.header })}.${part(claims)}`;
    const token = `${text}.${(h.sign ?? rsaSign(right))(text)}`;
    return [200, { id_token: token, access_token: 'secretaccess', refresh_token: 'secretrefresh', token_type: 'Bearer' }];
  }
  return [404, {}];
}

const server = createServer({ key: tlsKey, cert }, async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const [, how, ...rest] = request.url.split('/');
  const what = rest.join('/');
  if (!state.has(how)) state.set(how, { keys: 0, polls: 0, form: {}, seen: [] });
  const at = state.get(how);
  if (what === 'seen') return response.end(JSON.stringify(at.seen));
  const form = Object.fromEntries(new URLSearchParams(body));
  at.seen.push({ what, at: Date.now(), form });
  const result = hows[how] ? answer(how, what, `https://localhost:${port}/${how}`, form, at) : [404, {}];
  if (result === drop) return request.socket.destroy();
  if (result === hang) return undefined;
  response.writeHead(result[0], { 'content-type': 'application/json', ...result[2] });
  return response.end(JSON.stringify(result[1]));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const { port } = server.address();
console.log(port);
