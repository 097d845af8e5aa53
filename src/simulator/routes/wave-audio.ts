const HEADER_BYTES = 44;
const SAMPLES_PER_SECOND = 8000;
const SILENCE = 0x80;

/** A tenth of a second. */
const SAMPLES = 800;

/** What unknown audio is taken for: a second in 16 kB, a usual rate of compressed speech. */
const BYTES_PER_SECOND = 16_000;

/** A short silence as a WAV file: mono, 8 kHz, 8 bits. */
export function makeSilence(): Buffer {
  const wave = Buffer.alloc(HEADER_BYTES + SAMPLES, SILENCE);
  wave.write('RIFF', 0, 'latin1');
  wave.writeUInt32LE(wave.length - 8, 4);
  wave.write('WAVEfmt ', 8, 'latin1');
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  wave.writeUInt32LE(SAMPLES_PER_SECOND, 28);
  wave.writeUInt16LE(1, 32);
  wave.writeUInt16LE(8, 34);
  wave.write('data', 36, 'latin1');
  wave.writeUInt32LE(SAMPLES, 40);
  return wave;
}

/** How long a recording is in started seconds, from its WAV header or else from its size. */
export function secondsOfAudio(audio: Buffer): number {
  const isWave = audio.length > HEADER_BYTES && audio.toString('latin1', 0, 4) === 'RIFF';
  const bytesPerSecond = isWave ? audio.readUInt32LE(28) : BYTES_PER_SECOND;
  const content = isWave ? audio.length - HEADER_BYTES : audio.length;
  return Math.ceil(content / Math.max(1, bytesPerSecond));
}
