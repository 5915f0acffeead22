'use strict';
// Preloaded into a measured process: leaves its peak resident memory (kB) in the file that PEAK_MEMORY_FILE names.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
