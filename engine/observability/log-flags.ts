/**
 * The flags that `/state` repeats beside the others (src/master/readonly_handler.cpp, src/slave/http.cpp): pages of Mesos
 * offer a log where one of them is set.
 */
export function logFlags({ log_dir, external_log_file }: Readonly<Record<string, string>>) {
  return {
    ...(log_dir !== undefined && { log_dir }),
    ...(external_log_file !== undefined && { external_log_file }),
  };
}
