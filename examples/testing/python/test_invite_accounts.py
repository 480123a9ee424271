import unittest

from botocore.exceptions import ClientError
from invite_accounts import invite_accounts
from simulator import Simulator

DAY_MS = 24 * 60 * 60 * 1000
PAYER = "123456789012"
CUSTOMER = "222222222222"


class InviteAccounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.close)
        cls.payer = cls.simulator.client(PAYER)

    def setUp(self):
        self.simulator.control("POST", "/reset")
        self.payer.create_organization()

    def test_invites_an_account_once_and_not_after_it_has_joined(self):
        self.assertEqual(invite_accounts(self.payer, [CUSTOMER]), [CUSTOMER])
        self.assertEqual(invite_accounts(self.payer, [CUSTOMER]), [])

        customer = self.simulator.client(CUSTOMER)
        [handshake] = customer.list_handshakes_for_account()["Handshakes"]
        customer.accept_handshake(HandshakeId=handshake["Id"])
        self.assertEqual(invite_accounts(self.payer, [CUSTOMER]), [])

    def test_invites_an_account_again_when_its_invitation_has_expired(self):
        invite_accounts(self.payer, [CUSTOMER])
        self.simulator.control("PATCH", "/clock", {"advanceMs": 16 * DAY_MS})
        self.assertEqual(invite_accounts(self.payer, [CUSTOMER]), [CUSTOMER])

    def test_invites_all_accounts_while_aws_limits_the_rate_of_calls(self):
        self.fail_next_invitation("TooManyRequestsException")
        self.assertEqual(invite_accounts(self.payer, [CUSTOMER]), [CUSTOMER])

    def test_reports_other_exceptions(self):
        self.fail_next_invitation("AccessDeniedException")
        with self.assertRaisesRegex(ClientError, "AccessDeniedException"):
            invite_accounts(self.payer, [CUSTOMER])

    def fail_next_invitation(self, error):
        failure = {"kind": "error", "error": error}
        rule = {"operation": "InviteAccountToOrganization", "failure": failure, "times": 1}
        self.simulator.control("POST", "/failures", rule)
