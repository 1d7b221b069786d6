// npm's oidc-provider with one client and an account for whatever name is typed: node provider.mjs PORT CLIENT_PORT
import Provider from 'oidc-provider';

const [port, client] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: 'namndkollen',
    client_secret: 'provets-egen-hemlighet',
    redirect_uris: [`http://localhost:${client}/oauth2callback`],
    post_logout_redirect_uris: [`http://localhost:${client}/oauth2callback`],
  }],
  // Groups come with a scope of their own, and in the ID token, as from Entra ID.
  claims: { openid: ['sub'], groups: ['groups'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, groups: [`grupp-${id}`] }) }),
});
provider.listen(port, 'localhost', () => console.log('ready'));
