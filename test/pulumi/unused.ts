/** In the place of packages that Pulumi loads but no test needs: half of the time to load Pulumi. */
export {};
