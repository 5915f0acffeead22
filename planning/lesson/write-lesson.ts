import { yamlNode, yamlText } from '../spec-text/write-yaml.ts';
import type { LessonText } from './lesson-shape.ts';

/** A lesson.yaml of what it says: keys in the order of the schema, and no comments, which may say anything. */
export const lessonYaml = (lesson: LessonText): string => yamlText(yamlNode(lesson));
