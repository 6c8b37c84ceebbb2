package dev.headroom.charts;

import dev.headroom.testkit.house.HouseTest;

class HouseChartsTest extends HouseTest {}
