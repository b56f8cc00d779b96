"""Calls tools of a server as the official client does, and prints what it returns.

    client.py < request

Standard input has one JSON object: `command`, the server as a list of words, and `calls`, a list of objects with `tool`
and `arguments`. Standard output gets one JSON object: `server` (name and instructions), `tools`, and `results` with
`error` (whether the tool failed), `value` (the structured content) and `text`, in the order of the calls.
"""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def main(request):
    server = StdioServerParameters(command=request["command"][0], args=request["command"][1:])
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        started = await session.initialize()
        tools = await session.list_tools()
        calls = [session.call_tool(call["tool"], call["arguments"]) for call in request["calls"]]
        # All at once: responses may come in any order.
        results = [plain(result) for result in await asyncio.gather(*calls)]
    return {
        "server": plain(started),
        "tools": [plain(tool) for tool in tools.tools],
        "results": [
            {
                "error": result.get("isError", False),
                "value": result.get("structuredContent"),
                "text": [json.loads(part["text"]) for part in result["content"]],
            }
            for result in results
        ],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(main(json.load(sys.stdin))), sys.stdout)
