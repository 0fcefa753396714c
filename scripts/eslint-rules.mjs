import { basename } from 'node:path';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const PORT_METHODS = 5;
const ABSTRACT_METHOD = 'TSAbstractMethodDefinition';

const kebabCaseFile = {
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename).replace(/^\./, '');
      if (!KEBAB_CASE.test(name))
        context.report({ node, message: `Name the file in kebab-case, not ${name}.` });
    },
  }),
};

const smallPorts = {
  create: (context) => ({
    'ClassDeclaration[abstract=true]'(node) {
      const count = node.body.body.filter((member) => member.type === ABSTRACT_METHOD).length;
      if (count <= PORT_METHODS) return;
      const message = `A port has at most ${PORT_METHODS} methods, this one has ${count}: split it by consumer.`;
      context.report({ node, message });
    },
  }),
};

/** Rules that no plugin offers. */
export const houseRules = { rules: { 'kebab-case-file': kebabCaseFile, 'small-ports': smallPorts } };
