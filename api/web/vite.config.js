// Bundles the editor of the server into dist/: one module and one style sheet, nothing inlined.

import { defineConfig } from "vite";

// The style sheet of YASQE draws a few icons from data: addresses, which our policy refuses.
const withoutDataImages = {
  name: "without-data-images",
  enforce: "pre",
  transform(code, id) {
    return id.endsWith(".css") ? code.replace(/url\((["']?)data:[^)]*\1\)/g, "none") : null;
  },
};

export default defineConfig({
  plugins: [withoutDataImages],
  publicDir: false,
  build: {
    outDir: "dist",
    target: "es2022",
    chunkSizeWarningLimit: 1000,
    modulePreload: false,
    rollupOptions: {
      input: "src/editor.js",
      output: { entryFileNames: "editor.js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
