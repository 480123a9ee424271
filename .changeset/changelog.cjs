/** CHANGELOG.md has the texts of changesets as they are: lists and headings, not one item for each changeset. */
module.exports = {
  getReleaseLine: async ({ summary }) => summary,
  // orgql is the only package here.
  getDependencyReleaseLine: async () => '',
};
