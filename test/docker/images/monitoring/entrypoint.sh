#!/bin/sh
case " $* " in
  *" --config.file"*) exec prometheus "$@" ;;
  *" --path.rootfs"*) exec prometheus-node-exporter "$@" ;;
  *" --listen_ip"*) exec busybox httpd -f -p 9101 -h /probes ;;
  *) exec busybox httpd -f -p 3000 -h /probes ;;
esac
