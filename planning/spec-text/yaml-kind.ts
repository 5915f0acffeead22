import type { ErrorCode } from '../../errors/catalogue.ts';

/** What a YAML file is to whoever wrote it: how messages call it, and the codes of its problems. */
export interface YamlKind {
  readonly noun: 'spec' | 'lesson';
  readonly codes: {
    readonly file: ErrorCode;
    readonly syntax: ErrorCode;
    readonly unknownKey: ErrorCode;
    readonly type: ErrorCode;
  };
}

/** mesos-cluster.yaml */
export const specKind: YamlKind = {
  noun: 'spec',
  codes: { file: 'SPEC_FILE', syntax: 'SPEC_SYNTAX', unknownKey: 'SPEC_UNKNOWN_KEY', type: 'SPEC_TYPE' },
};

/** lesson.yaml */
export const lessonKind: YamlKind = {
  noun: 'lesson',
  codes: { file: 'LESSON_FILE', syntax: 'LESSON_SYNTAX', unknownKey: 'LESSON_UNKNOWN_KEY', type: 'LESSON_TYPE' },
};
