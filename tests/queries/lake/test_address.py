"""The setting that chooses a lake: what it may say, and that no secret stands in it."""

from __future__ import annotations

import pytest

from queries.connection import Library, chosen_store
from queries.lake.address import Address, address, s3
from queries.lake.store import LakeStore
from queries.versions import BrokenVersion, Store

URL = "ducklake:postgres://skola@databas.example.se:5433/namndkollen?data=s3://hink/mapp/"


class TestAddress:
    def test_says_where_the_catalogue_and_the_files_are(self):
        database = "host=databas.example.se port=5433 user=skola dbname=namndkollen connect_timeout=5"
        assert address(URL) == Address(database, "s3://hink/mapp")

    def test_may_name_a_folder_that_all_servers_share(self):
        assert not address(URL.replace("s3://hink/mapp/", "/srv/namndkollen")).is_in_s3

    @pytest.mark.parametrize(
        "url",
        [
            "postgres://skola@databas/namndkollen?data=s3://hink",
            "ducklake:sqlite://fil?data=s3://hink",
            "ducklake:postgres://databas/namndkollen?data=s3://hink",
            "ducklake:postgres://skola@databas/namndkollen",
            "ducklake:postgres://skola@databas:hamn/namndkollen?data=s3://hink",
            "ducklake:postgres://skola@databas/namn'--?data=s3://hink",
            "ducklake:postgres://skola@databas/namndkollen?data=s3://hink'%20or",
            "ducklake:postgres://skola@databas/namndkollen?data=/srv/../etc",
            "ducklake:postgres://skola@databas/namndkollen?data=s3://hink&data_inlining=1",
        ],
    )
    def test_that_is_none_is_refused_with_one_as_example(self, url):
        with pytest.raises(BrokenVersion, match="Så här skrivs den: ducklake:postgres://"):
            address(url)

    def test_holds_no_password(self):
        with pytest.raises(BrokenVersion, match="PGPASSWORD"):
            address(URL.replace("skola@", "skola:hemligt@"))


class TestKeys:
    def test_are_read_from_the_environment_under_their_usual_names(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
        found = s3()
        assert (found.key_id, found.secret, found.endpoint, found.use_ssl) == (
            "a",
            "b",
            "127.0.0.1:9000",
            False,
        )

    def test_are_for_amazon_over_https_when_no_other_is_named(self, monkeypatch):
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        found = s3()
        assert (found.endpoint, found.use_ssl, found.url_style) == ("s3.amazonaws.com", True, "vhost")


class TestChosenStore:
    def test_is_the_folder_when_nothing_is_chosen(self, monkeypatch):
        monkeypatch.delenv("NAMNDKOLLEN_STORE", raising=False)
        assert chosen_store() == Store()

    def test_is_the_lake_that_the_environment_names(self, monkeypatch):
        monkeypatch.setenv("NAMNDKOLLEN_STORE", URL)
        assert chosen_store() == LakeStore(url=URL)

    def test_that_cannot_be_understood_is_told_of_where_a_version_is_asked_for(self, monkeypatch):
        monkeypatch.setenv("NAMNDKOLLEN_STORE", "s3://hink")
        library = Library()
        with pytest.raises(BrokenVersion, match="går inte att tolka"):
            library.open()
