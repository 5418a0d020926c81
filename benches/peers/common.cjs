// What the peers under Node share: options, the timing loop, the answer (one JSON object on one line).

const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const rounds = Number(option('rounds'));
const modules = path.join(path.resolve(option('modules')), 'node_modules');
const load = createRequire(path.join(modules, 'x.js'));
const version = (name) => JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json'))).version;

const answer = {
  peer: '', versions: { wasm: version('@tensorflow/tfjs-backend-wasm'), node: process.version },
  threads_asked: Number(option('threads')), threads: 'one: tfjs has no WASM threads under Node, whatever is asked (V8 collects garbage beside it)',
  cores_allowed: null, steps: {}, missing: {}, notes: {},
};

const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return Math.round((sorted[low] + (sorted[high] - sorted[low]) * (place - low)) * 1000) / 1000;
};

// CPU ticks that each thread of this process has used so far; see common.py.
function ticks() {
  const used = {};
  for (const task of fs.readdirSync('/proc/self/task')) {
    const fields = fs.readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(')').pop().trim().split(' ');
    used[task] = Number(fields[11]) + Number(fields[12]);
  }
  return used;
}
let begunTicks = null;

async function step(name, work) {
  begunTicks = begunTicks || ticks();
  const wall = [];
  const cpu = [];
  try {
    for (let i = 0; i < 5; i++) if (!await work()) throw new Error('found nothing in the frame');
    for (let i = 0; i < rounds; i++) {
      const cpuBegun = process.cpuUsage();
      const begun = process.hrtime.bigint();
      await work();
      wall.push(Number(process.hrtime.bigint() - begun) / 1e6);
      const used = process.cpuUsage(cpuBegun);
      cpu.push((used.user + used.system) / 1000);
    }
  } catch (error) {
    answer.missing[name] = String(error.message || error).slice(0, 300);
    return;
  }
  answer.steps[name] = { p50_ms: quantile(wall, 0.5), p95_ms: quantile(wall, 0.95), p50_cpu_ms: quantile(cpu, 0.5), rounds };
}

const folder = option('inputs');
const facts = JSON.parse(fs.readFileSync(path.join(folder, 'inputs.json')));
const read = (name) => new Uint8Array(fs.readFileSync(path.join(folder, facts[name].file)));

// Models and WASM come from the installed packages: every "fetch" is a read of a file.
globalThis.fetch = async (url) => {
  const name = decodeURIComponent(String(url.url || url).replace(/^file:\/\//, ''));
  try {
    return new Response(fs.readFileSync(name), { status: 200, headers: { 'Content-Type': name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream' } });
  } catch {
    return new Response('', { status: 404 });
  }
};

function done() {
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  const list = /Cpus_allowed_list:\s+(\S+)/.exec(status)[1].split(',');
  answer.cores_allowed = list.map((part) => part.split('-').map(Number)).reduce((n, [from, to = from]) => n + to - from + 1, 0);
  const used = Object.entries(ticks()).map(([task, now]) => now - (begunTicks[task] || 0));
  const sum = Math.max(1, used.reduce((a, b) => a + b, 0));
  answer.threads_busy = used.filter((n) => n * 20 >= sum).length;
  console.log(JSON.stringify(answer));
  process.exit(0);
}

const wasm = `${path.join(modules, '@tensorflow/tfjs-backend-wasm/dist')}/`;

module.exports = { answer, done, facts, load, modules, read, step, version, wasm };
