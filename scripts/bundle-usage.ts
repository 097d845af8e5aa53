// What `signalbox usage` does, as one file of the bundle: split-bundle.ts makes the text in place of this.
export {};
