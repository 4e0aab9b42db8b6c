/** How often what is on the screen is asked for again; never while the page is hidden. */
export const refreshMs = 5_000
