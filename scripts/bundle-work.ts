// What the commands do, as one file of the bundle: split-bundle.ts makes the text in place of this.
export {};
