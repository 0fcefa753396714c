/** The main module of every child process: opens what it is told to, then does what it is asked, one call at a time. */
const [module, options] = process.argv.slice(2);

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the parent is the one that tidies up.
process.on('SIGINT', () => {});

const { open } = await import(module);
const service = await open(JSON.parse(options));

process.on('message', async ({ id, method, args }) => {
  try {
    process.send({ id, result: await service[method]?.(...args) });
  } catch (error) {
    process.send({ id, error: error.stack ?? String(error) });
  }
});
process.send({ ready: true });
