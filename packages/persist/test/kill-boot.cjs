// Starts kill.test.ts's writer, which is one file, with what V8 made of it the first time: two hundred processes that each
// compile a third of a megabyte cost more than all they write. The first process leaves the cache behind when it is killed.
// argv: as the writer's. VANGO_KILL_WRITER is its file.
const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { Module } = require("node:module");
const { Script } = require("node:vm");

const file = process.env.VANGO_KILL_WRITER;
const cache = `${file}.cache`;
const known = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(Module.wrap(readFileSync(file, "utf8")), { filename: file, ...(known === undefined ? {} : { cachedData: known }) });
if (known === undefined) {
  const { kill } = process;
  process.kill = (pid, signal) => {
    const own = `${cache}.${pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, cache);
    return kill.call(process, pid, signal);
  };
}
script.runInThisContext()(exports, Module.createRequire(file), module, file, __dirname);
