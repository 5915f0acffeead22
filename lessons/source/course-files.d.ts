declare module 'course-files' {
  /** Files of the course that comes with the program by their paths, and lesson.schema.json. */
  const files: Readonly<Record<string, string>>;
  export default files;
}
