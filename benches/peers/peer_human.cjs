// @vladmandic/human under Node, WASM backend (SIMD, one thread: tfjs offers no WASM threads under Node).
// Usage: node peer_human.cjs --modules DIR --inputs DIR --threads N --rounds R

const path = require('path');
const { answer, done, facts, load, modules, read, step, version, wasm } = require('./common.cjs');

answer.peer = 'human';
answer.versions.human = version('@vladmandic/human');

async function main() {
  const frame = read('frame');
  const aligned = read('aligned');
  load('@tensorflow/tfjs-backend-wasm');
  const { Human } = load(path.join(modules, '@vladmandic/human/dist/human.node-wasm.js')) // the package exports it under a name Node refuses;
  const home = path.join(modules, '@vladmandic/human');
  const off = { enabled: false };
  const uncached = { skipFrames: 0, skipTime: 0 };
  const human = new Human({
    backend: 'wasm', debug: false, async: false, warmup: 'none', cacheSensitivity: 0, skipAllowed: false,
    wasmPath: wasm, wasmPlatformFetch: true,
    modelBasePath: `file://${home}/models/`, cacheModels: false,
    filter: off, gesture: off, body: off, hand: off, object: off, segmentation: off,
    face: {
      enabled: true, detector: { maxDetected: 1, ...uncached },
      mesh: { enabled: true }, iris: off, emotion: off, attention: off,
      description: { enabled: true, ...uncached }, antispoof: { enabled: true, ...uncached }, liveness: { enabled: true, ...uncached },
    },
  });
  await human.init();
  await human.load();
  const tf = human.tf;
  const backend = tf.getBackend();
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const multi = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  answer.notes.backend = `${backend}, simd ${simd}, threads ${multi}, models from the package`;

  // The way an application uses it: human.detect with only what the row names switched on.
  const api = (on) => async () => {
    const input = tf.tensor(frame, [1, 480, 640, 3], 'float32');
    const set = (name) => ({ enabled: on.includes(name) });
    const result = await human.detect(input, { face: { mesh: set('mesh'), description: set('description'), antispoof: set('antispoof'), liveness: set('liveness') } });
    tf.dispose(input);
    const face = result.face && result.face[0];
    if (!face) return false;
    if (on.includes('mesh') && face.mesh.length < 468) throw new Error('no mesh');
    if (on.includes('description') && !(face.embedding && face.embedding.length)) throw new Error('no embedding');
    if (on.includes('antispoof') && face.real === undefined) throw new Error('no antispoof score');
    if (on.includes('liveness') && face.live === undefined) throw new Error('no liveness score');
    if (on.length === 0) answer.found = face.box;
    if (on.includes('description')) answer.notes.embed = `${face.embedding.length} values; the same network also gives age and gender`;
    return true;
  };
  // One network by itself, with its crop out of the frame; the box is the one all peers get.
  const models = human.models.models;
  const [x, y, w, h] = facts.box;
  const network = (name, factor, scale) => async () => {
    const model = models[name];
    if (!model) throw new Error(`no model ${name}`);
    const [, rows, columns] = model.inputs[0].shape;
    const [cx, cy, half] = [x + w / 2, y + h / 2, (Math.max(w, h) * factor) / 2];
    const outputs = tf.tidy(() => {
      const image = tf.tensor(frame, [1, 480, 640, 3], 'float32');
      const crop = tf.image.cropAndResize(image, [[(cy - half) / 479, (cx - half) / 639, (cy + half) / 479, (cx + half) / 639]], [0], [rows, columns]);
      return model.execute(tf.mul(crop, scale));
    });
    const all = Array.isArray(outputs) ? outputs : [outputs];
    for (const output of all) await output.data();
    tf.dispose(all);
    return true;
  };

  await step('detect', api([]));
  await step('embed', async () => {
    const model = models.faceres;
    const [, rows, columns] = model.inputs[0].shape;
    const outputs = tf.tidy(() => model.execute(tf.image.resizeBilinear(tf.tensor(aligned, [1, 112, 112, 3], 'float32'), [rows, columns])));
    for (const output of outputs) await output.data();
    tf.dispose(outputs);
    return true;
  });
  await step('align_embed', network('faceres', 1.6, 1));
  await step('detect_embed', api(['description']));
  await step('liveness', network('antispoof', 1.6, 1 / 255));
  await step('liveness_second', network('liveness', 1.6, 1 / 255));
  await step('mesh', network('facemesh', 1.6, 1 / 255));
  await step('detect_embed_liveness', api(['description', 'antispoof']));
  await step('all', api(['mesh', 'description', 'antispoof']));
  await step('all_and_liveness', api(['mesh', 'description', 'antispoof', 'liveness']));
  answer.notes.liveness = "human's 'antispoof' network; its second, 'liveness', is in liveness_second and all_and_liveness";
  done();
}

main().catch((error) => { console.error(error); process.exit(1); });
