/** Styles are imported for their effect: esbuild gathers them beside the script. */
declare module "*.css";
