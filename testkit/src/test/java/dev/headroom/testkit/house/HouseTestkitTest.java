package dev.headroom.testkit.house;

class HouseTestkitTest extends HouseTest {}
