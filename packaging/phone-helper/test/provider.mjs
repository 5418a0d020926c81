// A real OpenID provider (oidc-provider) over TLS: `node provider.mjs KEY CERT` prints its port.
// Asked of it beyond its defaults: an interval of 1 s, a claim `number`, codes of the client `short` last 2 s.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const server = createServer({ key, cert });
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `https://localhost:${server.address().port}`;

const jwk = (kid, alg, type, options) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig',
});
const client = (id, alg, more) => ({
  client_id: id, client_name: id, id_token_signed_response_alg: alg, redirect_uris: [], response_types: [],
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], token_endpoint_auth_method: 'none', ...more,
});
const secret = "s+e%c:r&e t=/?'";
const provider = new Provider(issuer, {
  clients: [
    client('rs', 'RS256'), client('es', 'ES256'), client('ed', 'EdDSA'), client('short', 'RS256'),
    client('basic', 'RS256', { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' }),
  ],
  jwks: {
    keys: [
      jwk('r', 'RS256', 'rsa', { modulusLength: 2048 }), jwk('e', 'ES256', 'ec', { namedCurve: 'P-256' }),
      jwk('d', 'EdDSA', 'ed25519'), jwk('x', 'ES384', 'ec', { namedCurve: 'P-384' }),
    ],
  },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA', 'ES384'] },
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  scopes: ['openid', 'identity'],
  claims: { openid: ['sub'], identity: ['number', 'name', 'birthdate'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['of the test'] },
  ttl: { DeviceCode: (ctx, token, client) => (client.clientId === 'short' ? 2 : 600) },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, number: '110101199003072316', name: '张三', birthdate: '1990-03-07' }),
  }),
});
provider.use(async (ctx, next) => {
  await next();
  if (ctx.oidc?.route === 'device_authorization' && ctx.status === 200) ctx.body = { ...ctx.body, interval: 1 };
});
server.on('request', provider.callback());
console.log(server.address().port);
