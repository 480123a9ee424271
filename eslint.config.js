// Lints schema.graphql, and nothing else: the code is Biome's.
import graphql from '@graphql-eslint/eslint-plugin';

const { 'flat/schema-recommended': recommended, 'flat/schema-relay': relay } = graphql.configs;

export default [
  {
    files: ['*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...recommended.rules,
      ...relay.rules,
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
      // graphql prints capital letters before small ones: organizationHandshakeChanges stands before organizationalUnitChanges.
      '@graphql-eslint/alphabetize': [
        'error',
        {
          fields: ['ObjectTypeDefinition', 'InterfaceTypeDefinition', 'InputObjectTypeDefinition'],
          values: true,
          arguments: ['FieldDefinition'],
        },
      ],
      // `<mutation>(input: <Mutation>Input!)`; AWS's spelling of AWS in its operations' names makes one letter differ.
      '@graphql-eslint/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      // What a mutation has done must not be lost because another one beside it fails. (Query.viewer and Query.gatewayStatus
      // make no call; eslint-suppressions.json has these exceptions.)
      '@graphql-eslint/require-nullable-result-in-root': 'error',
      // There is no way backward in NextToken, so connections have no `last` and `before`.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // Some lists hold what has no id of its own (tags, services), and connections have `nodes` beside `edges`.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Only what AWS gives an id has one; the others are parts of what holds them.
      '@graphql-eslint/strict-id-in-types': 'off',
      // no-typename-prefix has exceptions there as well: organizationalUnits of Organization and of OrganizationalUnit.
    },
  },
];
