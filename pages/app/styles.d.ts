/** Style sheets are imported by the parts that they are for; the build makes one of them. */
declare module '*.css';
