// TypeScript sources import each other as `./x.js`, which is what Node will find after the build; under jest only `./x.ts` is there.
module.exports = (request, options) => {
  const own = !options.basedir.includes('node_modules');
  if (own && request.startsWith('.') && request.endsWith('.js')) {
    try {
      return options.defaultResolver(request.replace(/\.js$/, '.ts'), options);
    } catch {
      // A real JavaScript file.
    }
  }
  return options.defaultResolver(request, options);
};
