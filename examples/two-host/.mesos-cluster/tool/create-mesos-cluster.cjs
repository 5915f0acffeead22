/* Launcher of create-mesos-cluster in a clone of its repository; written by `npm run generated`. */
'use strict';
var program = require('path').join(__dirname, '../../../../dist/create-mesos-cluster.cjs');
if (require('fs').existsSync(program)) {
  require(program);
} else {
  console.error('error MACHINE_INCOMPLETE: This lab is part of a clone that is not built yet: run `npm ci` in the folder of the clone');
  process.exitCode = 3;
}
