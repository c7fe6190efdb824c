/** Loaded into each process that we start: it ends when we are gone, however we went. */
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();
