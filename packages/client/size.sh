node build.mjs >/dev/null && for f in vango vango-more; do node -e '
const z=require("zlib"),fs=require("fs");const c=fs.readFileSync("dist/'$f'.min.js");console.log("'$f'",c.length,z.brotliCompressSync(c,{params:{[z.constants.BROTLI_PARAM_QUALITY]:11}}).length)'; done
