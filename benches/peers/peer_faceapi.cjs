// @vladmandic/face-api under Node, WASM backend: SSD MobileNet v1 detector, 68 points, 128-d descriptor.
// Usage: node peer_faceapi.cjs --modules DIR --inputs DIR --threads N --rounds R

const path = require('path');
const { answer, done, load, modules, read, step, version, wasm } = require('./common.cjs');

answer.peer = 'face-api';
answer.versions['face-api'] = version('@vladmandic/face-api');

async function main() {
  const frame = read('frame');
  const aligned = read('aligned');
  const home = path.join(modules, '@vladmandic/face-api');
  load('@tensorflow/tfjs-backend-wasm').setWasmPaths(wasm, true);
  const faceapi = load(path.join(home, 'dist/face-api.node-wasm.js'));
  const { tf } = faceapi;
  await tf.setBackend('wasm');
  await tf.ready();
  answer.notes.backend = `${tf.getBackend()}, simd ${await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')}, threads ${await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')}, models from the package`;
  for (const net of ['ssdMobilenetv1', 'tinyFaceDetector', 'faceLandmark68Net', 'faceRecognitionNet']) await faceapi.nets[net].loadFromDisk(path.join(home, 'model'));

  const ssd = new faceapi.SsdMobilenetv1Options({ minConfidence: 0.5, maxResults: 1 });
  const tiny = new faceapi.TinyFaceDetectorOptions({ inputSize: 320, scoreThreshold: 0.5 });
  const withFrame = (work) => async () => {
    const image = tf.tensor3d(frame, [480, 640, 3], 'int32');
    const found = await work(image);
    tf.dispose(image);
    return Boolean(found);
  };
  await step('detect', withFrame((image) => faceapi.detectSingleFace(image, tiny)));
  await step('detect_ssd', withFrame((image) => faceapi.detectSingleFace(image, ssd)));
  await step('embed', async () => {
    const image = tf.tensor3d(aligned, [112, 112, 3], 'int32');
    const values = await faceapi.nets.faceRecognitionNet.computeFaceDescriptor(image);
    tf.dispose(image);
    return values.length === 128;
  });
  await step('detect_embed', withFrame((image) => faceapi.detectSingleFace(image, tiny).withFaceLandmarks().withFaceDescriptor()));
  await step('detect_embed_ssd', withFrame((image) => faceapi.detectSingleFace(image, ssd).withFaceLandmarks().withFaceDescriptor()));
  answer.notes.detect = 'its tiny detector at 320, as the closest work; its default, SSD MobileNet v1 at 512, is in detect_ssd';
  answer.notes.detect_embed = 'with 68 points for the alignment';
  for (const name of ['liveness', 'detect_embed_liveness', 'all']) answer.missing[name] = 'face-api has no model against spoofing';
  answer.missing.mesh = 'face-api has 68 points, no mesh';
  answer.missing.align_embed = 'face-api aligns only after its own 68 points';
  done();
}

main().catch((error) => { console.error(error); process.exit(1); });
