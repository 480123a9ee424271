import json
import os
import shlex
import subprocess
import urllib.request

import boto3


class Simulator:
    """`orgql simulate` on a free port. The variable ORGQL has another command than `orgql`."""

    def __init__(self):
        command = shlex.split(os.environ.get("ORGQL", "orgql"))
        self._process = subprocess.Popen(
            [*command, "simulate", "--port", "0", "--seed", "empty"], stdout=subprocess.PIPE, text=True
        )
        ready = self._process.stdout.readline()
        if not ready:
            raise RuntimeError(f"{shlex.join(command)} simulate did not start")
        self.url = ready.split()[-1]

    def client(self, account_id):
        """A client of AWS Organizations that calls as an account."""
        return boto3.client(
            "organizations",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=account_id,
            aws_secret_access_key="any",
        )

    def control(self, method, path, body=None):
        """Calls the control interface, such as `control("PATCH", "/clock", {"advanceMs": 1000})`."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_orgql{path}", data, headers, method=method)
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read() or "null")

    def close(self):
        self._process.terminate()
        self._process.communicate()
