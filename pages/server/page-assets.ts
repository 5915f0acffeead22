/** The page as files: made by scripts/build from pages/app. */
export interface PageAssets {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}
