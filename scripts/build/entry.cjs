/*
 * What the command starts: written to dist as it stands, so in the JavaScript of 2009, that any Node can parse and
 * tell its user why it is too old. The numbers are put in by build.mjs, from `engines` in package.json.
 */
'use strict';
var version = process.versions.node.split('.');
if (Number(version[0]) * 1000 + Number(version[1]) < __NODE_MAJOR__ * 1000 + __NODE_MINOR__) {
  console.error(
    'MACHINE_NODE_VERSION: create-mesos-cluster needs Node.js ' +
      __NODE_MAJOR__ +
      '.' +
      __NODE_MINOR__ +
      ' or newer; this is Node.js ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\n' +
      'Install a newer Node.js, or put it first on PATH, and run the command again. Nothing was written.',
  );
  process.exit(3);
}
require('./main.cjs');
