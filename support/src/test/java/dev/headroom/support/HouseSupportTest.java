package dev.headroom.support;

import dev.headroom.testkit.house.HouseTest;

class HouseSupportTest extends HouseTest {}
